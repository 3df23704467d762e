import { SERVICES } from '@paidan/contracts';
import { growthIn } from './growth.js';
import type { Sample, SchemaSize } from './sample.js';
import { soakTable } from './table.js';

const waitingOf = (count: number) => Object.fromEntries(SERVICES.map((service) => [service, count])) as Sample['waiting'];

/** A minute of a city that takes 50 tickets a second, 3 kB each in every schema. */
function minute(at: number, size: Partial<SchemaSize> = {}, more: Partial<Sample> = {}): Sample {
  const registered = at * 3_000;
  const usual = { tablesMb: registered / 500, indexesMb: registered / 1_000, deadRows: 100, tables: 40 };
  return {
    minute: at,
    registered,
    acceptedToAssignedMs: { p50: 10, p99: 40 },
    processes: { intake: { mb: 150, handles: 60 } },
    schemas: Object.fromEntries(SERVICES.map((service) => [service, { ...usual, ...size }])) as Sample['schemas'],
    waiting: waitingOf(12),
    ...more,
  };
}
const thirty = (take: (at: number) => Sample): Sample[] => Array.from({ length: 30 }, (_, index) => take(index + 1));

it('a run that stays as it is has grown in nothing, though its tables have', () => {
  expect(growthIn(thirty((at) => minute(at)))).toEqual([]);
});

it('what comes and goes is no growth, nor is getting going', () => {
  const sawtooth = (at: number): Sample =>
    minute(
      at,
      { tables: 40 + (at % 3) },
      { waiting: waitingOf(at % 7 === 0 ? 5_000 : 0), processes: { intake: { mb: 100 + (at % 5) * 80, handles: at < 10 ? at : 60 } } },
    );
  expect(growthIn(thirty(sawtooth))).toEqual([]);
});

it.each<[string, (at: number) => Sample]>([
  ['memory of intake', (at) => minute(at, {}, { processes: { intake: { mb: 100 + 5 * at, handles: 60 } } })],
  ['handles of intake', (at) => minute(at, {}, { processes: { intake: { mb: 100, handles: 60 + at } } })],
  ['latency of assignments', (at) => minute(at, {}, { acceptedToAssignedMs: { p50: 10, p99: 10 * at } })],
  ['latency of assignments', (at) => minute(at, {}, { acceptedToAssignedMs: at > 20 ? undefined : { p50: 10, p99: 40 } })],
  ['perTicket of feedback', (at) => minute(at, { indexesMb: (at * at * 3_000) / 10_000 })],
  ['waiting of dispatch', (at) => minute(at, {}, { waiting: waitingOf(at * 50) })],
  ['tables of intake', (at) => minute(at, { tables: 20 + at })],
])('%s', (what, take) => {
  expect(growthIn(thirty(take))).toContainEqual(expect.stringContaining(what));
});

it('too short a run says nothing', () =>
  expect(growthIn(thirty((at) => minute(at, {}, { waiting: waitingOf(at * 1_000) })).slice(0, 8))).toEqual([]));

it('the table has ten minutes of many, and the last of them', () => {
  const lines = soakTable(thirty((at) => minute(at)));
  const minutes = lines.map((line) => Number(/^ +(\d+) /.exec(line)?.[1])).filter((at) => at > 0);
  expect(minutes).toEqual([3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30]);
  expect(lines.at(-1)).toContain('180+90 3.1 100 40 12');
});
