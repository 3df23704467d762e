import type { Database } from '@paidan/runtime';
import { randomUUID } from 'node:crypto';
import { loadavg } from 'node:os';
import type { Asked, DuplicatePolicy } from '../../domain/duplicates/find.js';
import { lookUpDuplicates, writeFingerprints } from './duplicates.js';
import { openSchema } from './duplicates.kit.js';
import { ManyTickets, writeTickets, type Kept } from './many-tickets.kit.js';

/*
 * How it does against many tickets, all of them within the window. With DUPLICATES_TICKETS=1000000 the figures of the README; a few thousand otherwise, as a
 * test. DUPLICATES_MESSAGES names a csv of real messages (column `body`): the tickets are mixed from their sentences.
 */
const TICKETS = Number(process.env['DUPLICATES_TICKETS'] ?? 3_000);
const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 22, 4);
const SPAN = 29 * DAY;
/** As the service looks. */
const POLICY: DuplicatePolicy = { withinMs: 30 * DAY, most: 5 };
const KEEPING = { now: NOW, keptMs: 2 * SPAN };
const BATCH = 500;
/** So many of a batch of the log are looked up at once. */
const LOOKED_UP = 50;

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
const print = (line: string): void => void (TICKETS > 100_000 && process.stderr.write(`${line}\n`));

describe(`among ${TICKETS} tickets`, () => {
  const many = new ManyTickets(TICKETS, process.env['DUPLICATES_MESSAGES']);
  let database: Database;
  let close: () => Promise<void>;
  /** Some of what is in the table, to be told again. */
  const known: Kept[] = [];

  const write = async (batch: readonly Asked[]): Promise<number> => {
    const began = performance.now();
    await database.transaction(async (tx) => writeFingerprints(tx, batch, KEEPING));
    return performance.now() - began;
  };

  beforeAll(async () => {
    ({ database, close } = await openSchema());
    let writing = 0;
    for (let done = 0; done < TICKETS; done += BATCH) {
      const batch = Array.from({ length: BATCH }, (_, n) => many.next(NOW - SPAN + Math.floor(((done + n) / TICKETS) * SPAN)));
      for (const ticket of batch) if (ticket.isOwn) known.push(ticket);
      writing += await write(batch.map(({ asked }) => asked));
      await writeTickets(database, batch);
      const share = (done + BATCH) / TICKETS;
      if ((share * 20) % 1 !== 0) continue;
      print(
        `${(100 * share).toFixed(0)} %: fingerprints in batches of ${BATCH} ${((writing * 20_000) / TICKETS).toFixed(0)} µs a ticket, ${busy()}`,
      );
      writing = 0;
    }
    const { rows } = await database.query<{ heap: string; indexes: string; tickets: string }>(
      `select sum(pg_table_size(inhrelid)) as heap, sum(pg_indexes_size(inhrelid)) as indexes, pg_total_relation_size('ticket') as tickets
       from pg_inherits where inhparent = 'duplicate_fingerprint'::regclass`,
    );
    const each = (bytes: string | undefined): string => (Number(bytes) / TICKETS).toFixed(0);
    print(`kept: ${each(rows[0]?.heap)} bytes a ticket, and ${each(rows[0]?.indexes)} of indexes; its row ${each(rows[0]?.tickets)}`);
  }, 3_600_000);
  afterAll(() => close());

  const busy = (): string => `load ${loadavg()[0]?.toFixed(1)}`;

  interface Question {
    readonly asked: Asked;
    readonly expected?: string;
  }
  const novel = (): Question => ({
    asked: { ...many.written(), ticketId: randomUUID(), at: NOW, area: many.area(), person: many.writer() },
  });
  const again = (): Question => {
    const origin = many.pick(known);
    return { asked: many.retold(origin, NOW), expected: origin.asked.ticketId };
  };
  /** What everybody sends, from one who writes most: as many finds as there can be, each with its ticket, its text and its master. */
  const letter = (): Question => ({ asked: { ...many.pick(many.letters), ticketId: randomUUID(), at: NOW, person: many.writer() } });
  const half = (n: number): Question => (n % 2 === 0 ? again() : novel());

  async function measured(name: string, perBatch: number, batches: number, question: (n: number) => Question) {
    const took: number[] = [];
    let [asked, found, strangers, most] = [0, 0, 0, 0];
    for (let n = 0; n < batches; n++) {
      const batch = Array.from({ length: perBatch }, (_, i) => question(n + i));
      const began = performance.now();
      const duplicates = await lookUpDuplicates(
        database,
        batch.map((one) => one.asked),
        POLICY,
      );
      took.push((performance.now() - began) / perBatch);
      for (const { asked: ticket, expected } of batch) {
        const list = duplicates.get(ticket.ticketId) ?? [];
        most = Math.max(most, list.length);
        if (expected === undefined) strangers += list.length > 0 ? 1 : 0;
        else {
          asked++;
          if (list.some(({ ticketId }) => ticketId === expected)) found++;
        }
      }
    }
    took.sort((a, b) => a - b);
    const figures = { p50: quantile(took, 0.5), p99: quantile(took, 0.99), recall: found / asked, strangers, most };
    print(
      `${name}: p50 ${figures.p50.toFixed(2)} ms, p99 ${figures.p99.toFixed(2)} ms a ticket, ${busy()}; ` +
        `${found} of ${asked} told again found, ${strangers} others found something`,
    );
    return figures;
  }

  it('finds what is told again, one at a time', async () => {
    await measured('warming up', 1, 200, half);
    const { p50, recall, most } = await measured('one at a time', 1, Math.min(2_000, TICKETS), half);
    expect(recall).toBeGreaterThan(0.95);
    expect(most).toBeLessThanOrEqual(2 * POLICY.most);
    expect(p50).toBeLessThan(50);
  }, 300_000);

  it('finds it with others of a batch, for less', async () => {
    await measured('warming up', LOOKED_UP, 10, half);
    const { p50, recall } = await measured(`${LOOKED_UP} at a time`, LOOKED_UP, 100, half);
    expect(recall).toBeGreaterThan(0.95);
    expect(p50).toBeLessThan(50);
  }, 300_000);

  it('finds a letter that very many have sent', async () => {
    await measured('warming up', 1, 50, letter);
    const { p50, most, strangers } = await measured('a letter of very many', 1, 500, letter);
    // Of a few thousand tickets no letter is sent often.
    expect(most).toBeGreaterThan(1);
    expect(strangers).toBe(500);
    expect(p50).toBeLessThan(100);
  }, 300_000);

  it.each([1, LOOKED_UP])(
    'keeps %i of a batch',
    async (size) => {
      const took: number[] = [];
      for (let n = 0; n < 200; n++) took.push((await write(Array.from({ length: size }, () => many.next(NOW).asked))) / size);
      took.sort((a, b) => a - b);
      print(`keeping ${size}: p50 ${quantile(took, 0.5).toFixed(2)} ms, p99 ${quantile(took, 0.99).toFixed(2)} ms a ticket, ${busy()}`);
      expect(quantile(took, 0.5)).toBeLessThan(100);
    },
    300_000,
  );
});
