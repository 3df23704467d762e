import type { Calendar } from '@paidan/kernel';
import type { Clock, Runtime, ServiceDefinition } from '@paidan/runtime';
import { decideClocks } from '../domain/decisions.js';
import type { ClockCommand, Facts } from '../domain/facts.js';
import type { Policies } from '../domain/policy.js';
import { recall } from '../domain/recall.js';
import type { TicketClocks } from '../domain/ticket-clocks.js';
import { decodeFrom } from './kafka/decode.js';
import { columns } from './postgres/columns.js';
import { writeAccountability } from './postgres/write-accountability.js';

export type ClocksRuntime = Runtime<TicketClocks, Facts, ClockCommand>;

/** Injection token of the {@link ClocksRuntime}. */
export const RUNTIME = Symbol('sla-monitor:runtime');

export interface DefinitionParts {
  readonly calendar: () => Calendar;
  readonly policies: Policies;
  /** Instant up to which the log has been read, 0 when unknown; asked only when a stage is due. */
  readonly readThrough: () => number;
  readonly clock: Clock;
  readonly topic: string;
}

/** What makes the runtime into sla-monitor. */
export const clocksDefinition = (parts: DefinitionParts): ServiceDefinition<TicketClocks, Facts, ClockCommand> => {
  const readThrough = whileAsked(parts.readThrough);
  return {
    service: 'sla-monitor',
    // A registration and its assignment come in one batch more often than not; a deadline is days away.
    gather: { quietMs: 80, busyMs: 400 },
    decide: decideClocks,
    decode: decodeFrom(parts.topic),
    columns,
    facts: () => factsOf({ ...parts, readThrough }),
    recall,
    write: writeAccountability(() => parts.clock.now()),
  };
};

/** For so long after a question the runtime keeps its answer current. */
const KEPT_CURRENT_MS = 9_000;

/**
 * The first answer after a while is from the last time somebody asked: true, but it looks like a log that is far behind, and the stage would wait five
 * seconds for it where one is enough.
 */
function whileAsked(readThrough: () => number): () => number {
  let askedAt = 0;
  return () => {
    const [known, since] = [readThrough(), Date.now() - askedAt];
    askedAt = Date.now();
    return since > KEPT_CURRENT_MS ? 0 : known;
  };
}

/** One answer for a whole transaction. To know how far the log has been read costs a look at it, and few transactions have a stage that is due. */
function factsOf({ calendar, policies, readThrough, clock }: DefinitionParts): Facts {
  let known: number | undefined;
  return {
    calendar: calendar(),
    policies,
    second: 1_000 * clock.factor,
    get readThrough() {
      return (known ??= readThrough());
    },
  };
}
