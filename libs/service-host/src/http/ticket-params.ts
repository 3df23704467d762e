import { Matches } from 'class-validator';

const TICKET_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const TicketId = (): PropertyDecorator =>
  Matches(TICKET_ID, {
    message: '$property must be a ticket id: a UUID in lower case',
    context: { zh: '必须是工单标识（小写 UUID）' },
  });

/** Of every address that names a ticket. */
export class TicketParams {
  @TicketId() ticketId!: string;
}
