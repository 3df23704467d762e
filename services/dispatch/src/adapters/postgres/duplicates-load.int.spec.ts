import type { Database } from '@paidan/runtime';
import { parse } from 'csv-parse/sync';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Asked, DuplicatePolicy } from '../../domain/duplicates/find.js';
import { BANDS, fingerprintOf, type Fingerprint } from '../../domain/duplicates/fingerprint.js';
import { lookUpDuplicates, writeFingerprints } from './duplicates.js';
import { dice, openSchema } from './duplicates.kit.js';

/*
 * How it does against many tickets. With DUPLICATES_TICKETS=1000000 the figures of the README; a few thousand otherwise, as a test. DUPLICATES_MESSAGES names
 * a csv of real messages (column `body`): the tickets are mixed from their sentences, greetings and all.
 */
const TICKETS = Number(process.env['DUPLICATES_TICKETS'] ?? 3_000);
const MESSAGES = process.env['DUPLICATES_MESSAGES'];
const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 22, 4);
const SPAN = 60 * DAY;
const POLICY: DuplicatePolicy = { withinMs: 30 * DAY, most: 10 };
const BATCH = 500;
/** So many are written as texts; the others are mixed of what these have in common, so that a band is shared by as large a part of them as it really is. */
const TEXTS = 20_000;

const roll = dice(11);
const pick = <T>(list: readonly T[]): T => list[Math.floor(roll() * list.length)] as T;

/** What every fifth sentence is: said by everybody. */
const COMMON = ['多次反映没有结果', '严重影响居民生活', '给个明确的答复', '老人小孩出行不便', '不知道该找哪个部门', '存在很大的安全隐患'];
const own = (): string => Array.from({ length: 12 }, () => String.fromCharCode(0x4e00 + Math.floor(roll() * 0x1000))).join('');
const sentences: readonly string[] =
  MESSAGES === undefined
    ? Array.from({ length: 20_000 }, () => (roll() < 0.2 ? pick(COMMON) : own()))
    : (parse(readFileSync(MESSAGES), { columns: true, bom: true }) as { body: string }[]).flatMap(({ body }) =>
        body.split(/[\s。！？；，]+/).filter((sentence) => sentence.length >= 4),
      );
const written = (): string => Array.from({ length: 6 + Math.floor(roll() * 12) }, () => pick(sentences)).join('，');
/** The same matter told again: a tenth of the sentences are others, and there is a greeting. */
const retold = (text: string): string =>
  `您好！${text
    .split('，')
    .map((sentence) => (roll() < 0.1 ? pick(sentences) : sentence))
    .join('，')}`;
const areas = Array.from({ length: 10 }, (_, n) => `9901${String(n + 1).padStart(2, '0')}`);

const ticket = (text: string, at: number, area: string | undefined): Asked | undefined => {
  const fingerprint = fingerprintOf('', text);
  return fingerprint && { ticketId: randomUUID(), fingerprint, at, area };
};
/** How many of the texts have a key in a band. */
const holders = new Map<string, number>();
const count = ({ bands }: Fingerprint): void =>
  bands.forEach((key, band) => holders.set(`${band}:${key}`, (holders.get(`${band}:${key}`) ?? 0) + 1));
const mixedFrom = (prints: readonly Fingerprint[]): Fingerprint => {
  const { planes, grams } = pick(prints);
  const bands = Array.from({ length: BANDS }, (_, band) => {
    const key = pick(prints).bands[band] as number;
    return (holders.get(`${band}:${key}`) ?? 0) > 1 ? key : Math.floor(roll() * 2 ** 32) | 0;
  });
  return { bands, planes, grams };
};
const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
const print = (line: string): void => void (TICKETS > 100_000 && process.stderr.write(`${line}\n`));

describe(`among ${TICKETS} tickets`, () => {
  let database: Database;
  let close: () => Promise<void>;
  /** Some of what is in the table, to be told again. */
  const known: { readonly id: string; readonly text: string; readonly at: number; readonly area: string | undefined }[] = [];

  beforeAll(async () => {
    ({ database, close } = await openSchema());
    let writing = 0;
    const prints: Fingerprint[] = [];
    for (let done = 0; done < TICKETS; done += BATCH) {
      const batch = Array.from({ length: BATCH }, (_, n): Asked[] => {
        const at = NOW - SPAN + Math.floor(((done + n) / TICKETS) * SPAN);
        const area = roll() < 0.1 ? undefined : pick(areas);
        if (prints.length > 1_000 && roll() > TEXTS / TICKETS)
          return [{ ticketId: randomUUID(), fingerprint: mixedFrom(prints), at, area }];
        const text = written();
        const one = ticket(text, at, area);
        if (one === undefined) return [];
        prints.push(one.fingerprint);
        count(one.fingerprint);
        if (at > NOW - POLICY.withinMs) known.push({ id: one.ticketId, text, at, area });
        return [one];
      }).flat();
      const began = performance.now();
      await database.transaction(async (tx) => writeFingerprints(tx, batch, { now: NOW, keptMs: 2 * SPAN }));
      writing += performance.now() - began;
    }
    print(
      `written: ${((TICKETS / writing) * 1_000).toFixed(0)} tickets/s in batches of ${BATCH}, ${((writing / TICKETS) * 1_000).toFixed(0)} µs each`,
    );
    await database.query(
      `insert into ticket (ticket_id, sequence, handled, timers, timer_version, parked, record, status)
       select ticket_id, 1, '{}', '{}', 0, false, '{}', 'assigned' from duplicate_fingerprint limit 200000`,
    );
    const { rows } = await database.query<{ heap: string; indexes: string }>(
      `select sum(pg_table_size(inhrelid)) as heap, sum(pg_indexes_size(inhrelid)) as indexes from pg_inherits where inhparent = 'duplicate_fingerprint'::regclass`,
    );
    const [heap, indexes] = [Number(rows[0]?.heap), Number(rows[0]?.indexes)];
    print(
      `kept: ${(heap / TICKETS).toFixed(0)} bytes a ticket, and ${(indexes / TICKETS).toFixed(0)} of indexes; ${((heap + indexes) / 1e6).toFixed(0)} MB`,
    );
  }, 1_800_000);
  afterAll(() => close());

  /** Half of them tell again what is there, half are new. */
  const questions = (count: number): { readonly asked: Asked; readonly expected: string | undefined }[] =>
    Array.from({ length: count }, (_, n) => {
      const origin = n % 2 === 0 ? pick(known) : undefined;
      const asked = ticket(origin === undefined ? written() : retold(origin.text), NOW, origin === undefined ? pick(areas) : origin.area);
      return asked === undefined ? [] : [{ asked, expected: origin?.id }];
    }).flat();

  async function measured(name: string, perBatch: number, batches: number) {
    const took: number[] = [];
    let [asked, found, strangers, most] = [0, 0, 0, 0];
    for (let n = 0; n < batches; n++) {
      const batch = questions(perBatch);
      const began = performance.now();
      const duplicates = await lookUpDuplicates(
        database,
        batch.map((question) => question.asked),
        POLICY,
      );
      took.push(performance.now() - began);
      for (const { asked: question, expected } of batch) {
        const list = duplicates.get(question.ticketId) ?? [];
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
      `${name}: p50 ${figures.p50.toFixed(2)} ms, p99 ${figures.p99.toFixed(2)} ms; ${found} of ${asked} told again found, ${strangers} new ones taken for one`,
    );
    return figures;
  }

  it('finds what is told again, one at a time', async () => {
    await measured('warming up', 1, 200);
    const { p50, recall, most } = await measured('one at a time', 1, Math.min(2_000, TICKETS));
    expect(recall).toBeGreaterThan(0.95);
    expect(most).toBeLessThanOrEqual(POLICY.most);
    expect(p50).toBeLessThan(50);
  }, 300_000);

  it('finds it a hundred at a time, for less', async () => {
    await measured('warming up', 100, 10);
    const { p50, recall } = await measured('a hundred at a time', 100, 60);
    expect(recall).toBeGreaterThan(0.95);
    expect(p50).toBeLessThan(2_000);
  }, 300_000);
});
