import type { Heard, Ledgers, Said } from './ledgers.js';

/** A ticket of which feedback has not what a service has said. */
export interface Difference {
  readonly ticketId: string;
  readonly service: string;
  /** Events that the service has said. */
  readonly said: number;
  /** The newest number that feedback has heard, and how many it keeps. */
  readonly heard: number;
  readonly kept: number;
  readonly parked: boolean;
}

export interface Look {
  readonly tickets: number;
  /** Events by service, as it counts them. */
  readonly events: Readonly<Record<string, number>>;
  readonly differences: readonly Difference[];
}

/** Ids in text order are ids in the order of Postgres: hexadecimal digits of one length. */
const first = (ids: readonly (string | undefined)[]): string | undefined =>
  ids.reduce((least, id) => (id !== undefined && (least === undefined || id < least) ? id : least), undefined);

/** A book that is read on and on: what stands at the place where it is open, and the next. */
class Cursor<T extends { readonly ticketId: string }> {
  current: T | undefined;

  private constructor(private readonly iterator: AsyncIterator<T, unknown>) {}

  static async open<T extends { readonly ticketId: string }>(items: AsyncIterable<T>): Promise<Cursor<T>> {
    const cursor = new Cursor<T>(items[Symbol.asyncIterator]());
    await cursor.turn();
    return cursor;
  }

  /** What stands at this ticket; moves on if something did. */
  async take(ticketId: string): Promise<T | undefined> {
    const { current } = this;
    if (current?.ticketId !== ticketId) return undefined;
    await this.turn();
    return current;
  }

  private async turn(): Promise<void> {
    const next = await this.iterator.next();
    this.current = next.done === true ? undefined : next.value;
  }
}

/** Goes through all books at once, ticket by ticket, holding a page of each. */
export async function look({ said, heard }: Ledgers): Promise<Look> {
  const services = await Promise.all(
    Object.entries(said).map(async ([service, open]) => ({ service, book: await Cursor.open<Said>(open()) })),
  );
  const trail = await Cursor.open<Heard>(heard());
  const differences: Difference[] = [];
  const events: Record<string, number> = Object.fromEntries(services.map(({ service }) => [service, 0]));
  let tickets = 0;
  for (;;) {
    const ticketId = first([trail.current?.ticketId, ...services.map(({ book }) => book.current?.ticketId)]);
    if (ticketId === undefined) return { tickets, events, differences };
    tickets += 1;
    const [kept, ...counts] = await Promise.all([trail.take(ticketId), ...services.map(({ book }) => book.take(ticketId))]);
    for (const [i, { service }] of services.entries()) {
      const count = counts[i]?.sequence ?? 0;
      events[service] = (events[service] ?? 0) + count;
      const { sequence = 0, count: held = 0 } = kept?.heard[service] ?? {};
      if (sequence === count && held === count) continue;
      differences.push({ ticketId, service, said: count, heard: sequence, kept: held, parked: kept?.parked ?? false });
    }
  }
}

/**
 * What is still wrong at a second look. While a system runs its books are never read at one instant; but what had been said at the first look must have been
 * heard at the second, what had been heard must have been said, and no number may be missing below the newest.
 */
export const stillDiffers = (before: readonly Difference[], now: readonly Difference[]): Difference[] => {
  const key = ({ ticketId, service }: Difference): string => `${ticketId} ${service}`;
  const today = new Map(now.map((difference) => [key(difference), difference]));
  return before.flatMap((then) => {
    const difference = today.get(key(then));
    if (difference === undefined) return [];
    const { said, heard, kept } = difference;
    return heard < then.said || said < then.heard || kept < heard ? [difference] : [];
  });
};
