import { until } from '@paidan/testing';
import type { NewEvent } from './reactor/decision.js';
import type { Recall } from './restore/recall.js';
import type { Runtime } from './runtime.js';
import { newTicket, type Bench, type Order, type Tally, type TallyCommand } from './runtime.kit.js';

export type TallyRuntime = Runtime<Tally, null, TallyCommand>;

/** Each word of the tally says what it has seen. */
export const labelOf = ({ payload }: { payload: unknown }): string => (payload as { label: string }).label;

export const recall: Recall<Tally, null> = {
  answers: (expected, word) => labelOf(expected) === labelOf(word),
  amended: (record) => record,
  answered: ({ seen }) => ({ count: seen.length }),
  recalled: (record, { name, payload }) => ({
    record: { note: record?.note ?? '', seen: [...(record?.seen ?? []), labelOf({ payload })] },
    events: [{ name, payload } as NewEvent],
  }),
};

/** A tally that can recall, at work. */
export async function startTally(bench: Bench, definition: object = { recall }): Promise<TallyRuntime> {
  const runtime = await bench.runtime({ definition });
  runtime.start();
  bench.read(runtime);
  return runtime;
}

/** A person's order. */
export const order = (runtime: TallyRuntime, ticketId: string, payload: Order) =>
  runtime.reactor.command({
    ...{ commandId: newTicket(), name: 'order', ticketId, payload },
    actor: { kind: 'person', subject: 'p', roles: [] },
  });

export const sees = (bench: Bench, ticketId: string, labels: string) =>
  until(`${labels} seen`, async () => (await bench.seen(ticketId)).join() === labels, 20_000);
