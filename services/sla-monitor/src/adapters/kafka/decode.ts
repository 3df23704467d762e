import { TICKETS_TOPIC } from '@paidan/contracts';
import { decodeHeard, type Decode } from '@paidan/runtime';
import type { ClockCommand } from '../../domain/facts.js';
import { HEARD } from '../../domain/ticket-clocks.js';

const decodeTicketEvent: Decode<ClockCommand> = decodeHeard(HEARD);

/** What a record of the log means to the clocks. */
export const decodeFrom =
  (topic: string = TICKETS_TOPIC): Decode<ClockCommand> =>
  (record) =>
    record.topic === topic ? decodeTicketEvent(record) : { kind: 'quarantine', reason: 'foreign-topic', detail: record.topic };
