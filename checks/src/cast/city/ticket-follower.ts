import { decodeEvent, TICKETS_TOPIC, type TicketEvent } from '@paidan/contracts';
import type { Kafka } from 'kafkajs';
import { type Complain, type Read, type Reader, readFromNow } from './log.js';

/** What ends the wait of a ticket for a person. */
const ENDS_HOLDING: ReadonlySet<string> = new Set([
  'ticket.assigned',
  'ticket.withdrawn',
  'ticket.linked',
  'ticket.answered',
  'ticket.declined',
]);

/** What ends the wait of a return for a dispatcher. */
const ENDS_RETURN: ReadonlySet<string> = new Set([
  'return.accepted',
  'return.refused',
  'assignment.released',
  'ticket.withdrawn',
  'ticket.closed',
]);

/** Where a ticket's story is over. */
export const LAST_WORD = 'ticket.closed';

/**
 * Reads `paidan.tickets` for itself and keeps what was said of each ticket. It takes nobody's word: what adapters and departments were told plays
 * no part here.
 */
export class TicketFollower {
  readonly stories = new Map<string, TicketEvent[]>();
  readonly held = new Set<string>();
  /** A unit has returned it, and nobody has said whether it may. */
  readonly returned = new Set<string>();
  readonly approved = new Set<string>();
  readonly ended = new Set<string>();
  private readonly numbers = new Map<string, number>();
  private consumer: Reader | undefined;
  repeated = 0;
  heardAt = Date.now();
  /** Approved, or shared by its master. */
  onReply: (ticketId: string, round: number) => void = () => undefined;
  /** Each event once. */
  onEvent: (event: TicketEvent) => void = () => undefined;

  private constructor(
    private readonly complain: Complain,
    private readonly keepsStories: boolean,
  ) {}

  /** @param keepsStories takes some 20 KB for each ticket */
  static async open(kafka: Kafka, complain: Complain, keepsStories = true): Promise<TicketFollower> {
    const follower = new TicketFollower(complain, keepsStories);
    follower.consumer = await readFromNow(kafka, 'tickets', [TICKETS_TOPIC], (read) => follower.take(read), complain);
    return follower;
  }

  private take({ headers, value }: Read): void {
    const decoded = decodeEvent(headers, value);
    if (!decoded.ok) {
      // Newer services may say more than this play knows.
      if (decoded.reason !== 'unknown-type')
        this.complain(`an event on ${TICKETS_TOPIC} can't be read: ${decoded.reason}, ${decoded.detail}`);
      return;
    }
    const { event } = decoded;
    const { ticketId, service, epoch, sequence, name } = event;
    const said = `${ticketId}/${service}/${epoch}`;
    if (sequence <= (this.numbers.get(said) ?? 0)) {
      this.repeated += 1;
      return;
    }
    this.numbers.set(said, sequence);
    this.heardAt = Date.now();
    this.onEvent(event);
    if (this.keepsStories) this.keep(event);
    if (name === 'ticket.held') this.held.add(ticketId);
    else if (ENDS_HOLDING.has(name)) this.held.delete(ticketId);
    if (name === 'assignment.returned') this.returned.add(ticketId);
    else if (ENDS_RETURN.has(name)) this.returned.delete(ticketId);
    if (name === 'reply.approved') this.approved.add(ticketId);
    if (name === 'reply.approved' || name === 'reply.shared') this.onReply(ticketId, event.payload.round);
    if (name === LAST_WORD) this.ended.add(ticketId);
  }

  private keep(event: TicketEvent): void {
    const story = this.stories.get(event.ticketId);
    if (story === undefined) this.stories.set(event.ticketId, [event]);
    else story.push(event);
  }

  storyOf(ticketId: string): readonly TicketEvent[] {
    return this.stories.get(ticketId) ?? [];
  }

  async close(): Promise<void> {
    await this.consumer?.disconnect();
  }
}
