import { encodeHeaders, partitionOf, sourceOf, type Service } from '@paidan/contracts';
import { RuntimeError, type Log, type LogClient, type Retold } from '@paidan/runtime';
import { feedbackError } from '../errors.js';
import type { KeptEvent } from './tell-trail.js';

const PAGE = 2_000;
const FIRST: ToldPlace = { ticketId: '00000000-0000-0000-0000-000000000000', heard: '0' };

/** A moment of the trail: all that was heard before the positions, and nothing after them. */
export interface Cut {
  /** By partition of the tickets' topic, the offset of the next record. */
  readonly positions: Retold['positions'];
  /** Place in the trail of the last event of others. */
  readonly heard: string;
}

interface ToldPlace {
  readonly ticketId: string;
  /** Its place in the trail. */
  readonly heard: string;
}
export interface ToldAgain extends ToldPlace, KeptEvent {}

/** How far a retelling is, and what came of it. */
export interface RetellingState {
  readonly id: string;
  readonly begunAt: Date;
  readonly tickets: number;
  readonly events: number;
  readonly endedAt?: Date;
  readonly failure?: string;
  readonly retold?: Retold;
}

export interface RetellingShelf {
  /** @returns undefined: another is under way */
  begin(by: string): Promise<string | undefined>;
  find(id: string): Promise<RetellingState | undefined>;
  /** @returns whether it is still ours to tell */
  moved(id: string, tickets: number, events: number): Promise<boolean>;
  end(id: string, outcome: { readonly retold: Retold } | { readonly failure: string }): Promise<void>;
  /** Tickets whose events wait and are in no trail. */
  waiting(): Promise<number>;
  /** A moment between two batches. */
  cut(topic: string): Promise<Cut>;
  /** What was heard up to the cut, ticket by ticket, each in the order in which it was heard. */
  page(after: ToldPlace, cut: Cut, limit: number): Promise<readonly ToldAgain[]>;
}

export interface RetellingParts {
  readonly shelf: RetellingShelf;
  readonly client: Pick<LogClient, 'clusterId' | 'offsets' | 'topics' | 'send'>;
  /** Of the tickets, and of what is told again. */
  readonly topics: { readonly tickets: string; readonly retold: string };
  /** @throws while the trail itself is being restored */
  readonly requireNone: () => void;
  readonly log: Log;
}

/**
 * Tells every ticket's whole story again, for whoever has lost it or never heard it: the events as they were said, under their first ids and numbers, each
 * ticket's in the order in which they were heard here, in a topic beside the log; with the positions from which the log goes on.
 */
export class Retelling {
  private readonly stopping = new AbortController();
  private telling: Promise<void> = Promise.resolve();

  constructor(private readonly parts: RetellingParts) {}

  /**
   * Begins in the background.
   * @returns its beginning
   * @throws PaidanError `retelling-under-way`, `trail-unfinished`; RuntimeError `restoring`, `topic-missing`, `log-unavailable`
   */
  async begin(by: string): Promise<RetellingState> {
    const { shelf, client, topics, requireNone } = this.parts;
    requireNone();
    const waiting = await shelf.waiting();
    if (waiting > 0) throw feedbackError('trail-unfinished', `${waiting} tickets are parked here`);
    const there = await client.topics();
    if (!there.includes(topics.retold)) throw new RuntimeError('topic-missing', `${topics.retold} is not in Kafka`);
    const partitions = (await client.offsets(topics.tickets)).length;
    const id = await shelf.begin(by);
    if (id === undefined) throw feedbackError('retelling-under-way', 'one is under way');
    try {
      const cut = await shelf.cut(topics.tickets);
      if (cut.positions.length < partitions)
        throw feedbackError('trail-unfinished', `${cut.positions.length} of ${partitions} partitions of the log are read here`);
      this.telling = this.tell(id, cut);
    } catch (error) {
      await shelf.end(id, { failure: failureOf(error) });
      throw error;
    }
    return this.find(id);
  }

  /** @throws PaidanError `unknown-retelling` */
  async find(id: string): Promise<RetellingState> {
    const found = await this.parts.shelf.find(id);
    if (found === undefined) throw feedbackError('unknown-retelling', `there is no retelling ${id}`);
    return found;
  }

  /** One that is under way ends as interrupted. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.telling;
  }

  private async tell(id: string, cut: Cut): Promise<void> {
    const { shelf, log } = this.parts;
    try {
      const retold = await this.send(id, cut);
      await shelf.end(id, { retold });
      log.warn({ retelling: id }, 'the story was told again');
    } catch (error) {
      log.error({ err: error, retelling: id }, 'telling again failed');
      // Without a sign of life it is taken for interrupted.
      await shelf.end(id, { failure: failureOf(error) }).catch(() => undefined);
    }
  }

  private async send(id: string, cut: Cut): Promise<Retold> {
    const { shelf, client, topics } = this.parts;
    const before = await client.offsets(topics.retold);
    let [after, tickets, events, last] = [FIRST, 0, 0, ''];
    for (;;) {
      const page = await shelf.page(after, cut, PAGE);
      if (page.length === 0) break;
      await client.send([{ topic: topics.retold, messages: page.map((row) => messageOf(row, before.length)) }]);
      for (const { ticketId } of page) {
        if (ticketId !== last) tickets += 1;
        last = ticketId;
      }
      events += page.length;
      after = page.at(-1) ?? after;
      if (this.stopping.signal.aborted) throw new Error('the service was stopped');
      if (!(await shelf.moved(id, tickets, events))) throw new Error('another took over');
    }
    const ends = new Map((await client.offsets(topics.retold)).map(({ partition, high }) => [partition, high]));
    return {
      cluster: await client.clusterId(),
      stretches: before.map(({ partition, high }) => ({ partition, from: high, to: ends.get(partition) ?? high })),
      positions: cut.positions,
    };
  }
}

function messageOf({ ticketId, service, epoch, sequence, type, at, payload }: ToldAgain, partitions: number) {
  return {
    key: ticketId,
    value: payload,
    partition: partitionOf(ticketId, partitions),
    headers: encodeHeaders({
      ...{
        id: `${ticketId}.${epoch}.${sequence}`,
        source: sourceOf(service as Service),
        type,
        subject: ticketId,
        time: at,
        sequence,
        epoch,
      },
    }),
  };
}

const failureOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 500);
