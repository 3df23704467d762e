import { until } from '@paidan/testing';
import type { Notice } from '../reactor/decision.js';
import { manualClock } from '../clock.js';
import { Bench, faults, newTicket, type TallyCommand } from '../runtime.kit.js';

/*
 * An operator throws away what a parked ticket waits for: once, under the ticket's lock, every byte kept, and the rest goes on.
 */

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.open();
});
afterAll(() => bench.close());
beforeEach(() => void Object.assign(faults, { healed: false, timers: false }));
// One schema and log for all of them, one process at a time.
afterEach(() => Promise.all(bench.runtimes.splice(0).map((runtime) => runtime.stop())));

const open = async (more: Parameters<Bench['runtime']>[0] = {}) => {
  const runtime = await bench.runtime(more);
  bench.read(runtime);
  return runtime;
};
type Opened = Awaited<ReturnType<typeof open>>;

const waits = (runtime: Opened, ticketId: string, count: number) =>
  until(`${count} wait`, async () => (await runtime.parking.waiting(ticketId)).count === count);
const first = async (runtime: Opened, ticketId: string): Promise<string> =>
  (await runtime.parking.waiting(ticketId)).records[0]?.record ?? 'none';
const order = (ticketId: string, record: string, by = 'wang') => ({ ticketId, record, reason: 'will never be readable', by });
const rowOf = async (ticketId: string) =>
  (await bench.rows('select parked, record, handled, timers from ticket where ticket_id = $1', [ticketId]))[0];

it('keeps every byte of it with who and why, and the rest is decided in order', async () => {
  const runtime = await open();
  runtime.start();
  const ticket = newTicket();
  await bench.send(ticket, 1);
  await bench.send(ticket, 2, { fault: 'throw' });
  await bench.sendAll([3, 4].map((sequence) => ({ ticketId: ticket, sequence })));
  await waits(runtime, ticket, 3);

  const { records } = await runtime.parking.waiting(ticket, 2);
  expect(records).toEqual([
    {
      record: expect.stringMatching(/^\d+$/),
      topic: bench.topic,
      partition: expect.any(Number),
      offset: expect.any(Number),
      type: 'paidan.ticket.registered.v1',
      said: { service: 'intake', epoch: 1, sequence: 2 },
      time: expect.stringMatching(/Z$/),
      parkedAt: expect.any(Date),
      error: { code: 'bug', message: 'a bug in the decision' },
    },
    expect.not.objectContaining({ error: expect.anything() }),
  ]);
  const { record = '' } = records[0] ?? {};
  const bytes = 'topic, partition, log_offset, key, headers, value, error_code, error_message, parked_at';
  const [before] = await bench.rows(`select ${bytes} from parked where id = $1`, [record]);

  const { discarded, replay } = await runtime.parking.discard(order(ticket, record));
  expect(discarded).toMatchObject({ record, error: { code: 'bug' }, reason: 'will never be readable', by: 'wang', handled: true });
  expect(replay).toEqual({ ticketId: ticket, replayed: 2, remaining: 0 });
  expect(await bench.seen(ticket)).toEqual(['e1.1', 'e1.3', 'e1.4']);
  expect(await bench.rows(`select ${bytes} from discarded where ticket_id = $1`, [ticket])).toEqual([before]);
  expect(await runtime.parking.discarded(ticket)).toEqual([discarded]);

  // It comes again, as a relay may send it: nobody is disturbed by it a second time.
  await bench.send(ticket, 2, { fault: 'throw' });
  await bench.send(ticket, 5);
  await until('flows', async () => (await bench.seen(ticket)).at(-1) === 'e1.5');
  expect(await runtime.parking.list()).toEqual([]);
  await until('outbox empty', async () => (await bench.rows('select 1 from outbox')).length === 0);
  const said = (await bench.said()).filter(({ ticketId }) => ticketId === ticket);
  expect(said.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);

  // Not even by the service itself.
  for (const sql of ['delete from discarded', `update discarded set reason = 'another'`, 'truncate discarded'])
    await expect(runtime.database.query(sql)).rejects.toMatchObject({ code: '42501' });
});

it('ordered by two at once, and again later, is done once; what is behind it stays', async () => {
  const [runtime, other] = [await open(), await bench.runtime()];
  const ticket = newTicket();
  await bench.send(ticket, 1, { fault: 'throw' });
  await bench.send(ticket, 2, { fault: 'throw' });
  await bench.send(ticket, 3);
  await waits(runtime, ticket, 3);
  const [record, second] = (await runtime.parking.waiting(ticket)).records.map((one) => one.record);
  if (record === undefined || second === undefined) throw new Error('two wait');
  // Nobody has tried the second: it may be good.
  await expect(runtime.parking.discard(order(ticket, second))).rejects.toMatchObject({ code: 'not-first', status: 409 });

  const results = await Promise.all([
    runtime.parking.discard(order(ticket, record, 'wang')),
    other.parking.discard(order(ticket, record, 'li')),
  ]);
  expect(new Set(results.map(({ discarded }) => discarded.by)).size).toBe(1);
  expect(await bench.rows('select id from discarded where ticket_id = $1', [ticket])).toEqual([{ id: record }]);
  const again = await runtime.parking.discard(order(ticket, record, 'zhao'));
  expect(again.discarded).toEqual(results[0]?.discarded);
  expect(again.replay).toMatchObject({ replayed: 0, remaining: 2, error: { code: 'bug' } });

  // By now the second has been tried.
  expect(await first(runtime, ticket)).toBe(second);
  const last = await runtime.parking.discard(order(ticket, second));
  expect(last.replay).toEqual({ ticketId: ticket, replayed: 1, remaining: 0 });
  expect(await bench.seen(ticket)).toEqual(['e1.3']);
  await expect(runtime.parking.discard(order(ticket, '999999'))).rejects.toMatchObject({ code: 'nothing-parked', status: 404 });
  await expect(runtime.parking.discard(order(newTicket(), record))).rejects.toMatchObject({ code: 'nothing-parked' });
  // What was done stays told.
  expect((await other.parking.discard(order(ticket, record))).replay).toEqual({ ticketId: ticket, replayed: 0, remaining: 0 });
});

it('is done when the process dies before the rest is replayed; ordered again, the rest follows', async () => {
  let down = false;
  const facts = () => {
    if (down) throw Object.assign(new Error('terminating connection'), { code: '57P01' });
    return null;
  };
  const runtime = await open({ definition: { facts } });
  const ticket = newTicket();
  await bench.send(ticket, 1);
  await bench.send(ticket, 2, { fault: 'throw' });
  await bench.send(ticket, 3);
  await waits(runtime, ticket, 2);
  const record = await first(runtime, ticket);
  down = true;
  await expect(runtime.parking.discard(order(ticket, record))).rejects.toMatchObject({ code: 'database-unavailable' });
  expect(await rowOf(ticket)).toMatchObject({ parked: true });
  expect(await runtime.parking.list()).toMatchObject([{ ticketId: ticket, waiting: 1 }]);
  // What is first now has not failed.
  await expect(runtime.parking.discard(order(ticket, await first(runtime, ticket)))).rejects.toMatchObject({
    code: 'not-failed',
    status: 409,
  });
  down = false;
  expect((await runtime.parking.discard(order(ticket, record))).replay).toEqual({ ticketId: ticket, replayed: 1, remaining: 0 });
  expect(await bench.seen(ticket)).toEqual(['e1.1', 'e1.3']);
});

it('refuses a command to whoever sent it, once; sent again it is decided anew', async () => {
  const answer = (command: TallyCommand, outcome: object): Notice[] => [
    { topic: bench.topic, key: command.ticketId, type: 'paidan.test.v1', payload: { commandId: command.commandId, ...outcome } },
  ];
  const runtime = await open({ definition: { answer } });
  const ticket = newTicket();
  await bench.send(ticket, 1);
  const command = (): TallyCommand => ({
    commandId: '0193a3c2-0000-7000-8000-000000000001',
    name: 'order',
    ticketId: ticket,
    actor: { kind: 'unit', subject: 'city-water', roles: [] },
    payload: { note: 'n', fault: 'throw' },
  });
  await bench.sendCommand(command());
  await bench.send(ticket, 2);
  await waits(runtime, ticket, 2);
  const [waiting] = (await runtime.parking.waiting(ticket)).records;
  expect(waiting).toMatchObject({ type: 'command order', error: { code: 'bug' } });
  expect(waiting).not.toHaveProperty('said');

  const { discarded, replay } = await runtime.parking.discard(order(ticket, waiting?.record ?? ''));
  expect(discarded).toMatchObject({ type: 'command order', handled: false });
  expect(replay).toMatchObject({ replayed: 1, remaining: 0 });
  await runtime.parking.discard(order(ticket, waiting?.record ?? ''));
  const told = async () =>
    (await bench.rows<{ payload: string }>('select payload from notice where key = $1 order by id', [ticket])).map(({ payload }) =>
      JSON.parse(payload),
    );
  const { commandId } = command();
  expect(await told()).toEqual([{ commandId, accepted: false, reason: 'discarded' }]);

  faults.healed = true;
  await bench.sendCommand(command());
  await until('answered', async () => (await told()).length === 2);
  expect((await told())[1]).toMatchObject({ commandId, accepted: true });
  expect(await bench.seen(ticket)).toEqual(['e1.1', 'e1.2', 'c:n']);
});

it('of a made-up number leaves the true ones behind it their turn', async () => {
  const runtime = await open();
  const ticket = newTicket();
  await bench.send(ticket, 1);
  await bench.send(ticket, 5_000, { fault: 'throw' });
  await bench.send(ticket, 2);
  await waits(runtime, ticket, 2);
  const { discarded } = await runtime.parking.discard(order(ticket, await first(runtime, ticket)));
  expect(discarded).toMatchObject({ said: { sequence: 5_000 }, handled: false });
  expect(await bench.seen(ticket)).toEqual(['e1.1', 'e1.2']);
});

it('of all that was ever heard of a ticket leaves it as if unheard of', async () => {
  const runtime = await open();
  const ticket = newTicket();
  await bench.send(ticket, 1, { fault: 'throw' });
  await waits(runtime, ticket, 1);
  await runtime.parking.discard(order(ticket, await first(runtime, ticket)));
  expect(await rowOf(ticket)).toMatchObject({ parked: false, record: null, handled: { intake: [1, 1] } });
  await bench.send(ticket, 2);
  await until('heard', async () => (await bench.seen(ticket)).length === 1);
});

it('of a timer disarms it', async () => {
  const clock = manualClock();
  const runtime = await open({ clock });
  runtime.start();
  const ticket = newTicket();
  await bench.send(ticket, 1, { timerAt: clock.now() + 1_000 });
  await until('armed', async () => (await bench.seen(ticket)).length === 1);
  faults.timers = true;
  clock.advance(2_000);
  await waits(runtime, ticket, 1);
  await bench.send(ticket, 2);
  await waits(runtime, ticket, 2);
  const [timer] = (await runtime.parking.waiting(ticket)).records;
  expect(timer).toMatchObject({ type: 'timer alarm', error: { code: 'bug' } });
  expect((await runtime.parking.discard(order(ticket, timer?.record ?? ''))).replay).toEqual({
    ticketId: ticket,
    replayed: 1,
    remaining: 0,
  });
  faults.timers = false;
  clock.advance(60_000);
  await bench.send(ticket, 3);
  await until('flows', async () => (await bench.seen(ticket)).length === 3);
  expect(await bench.seen(ticket)).toEqual(['e1.1', 'e1.2', 'e1.3']);
  expect(await rowOf(ticket)).toMatchObject({ timers: {} });
});

it('shows a timer that came due meanwhile, and fails, as what the ticket waits for then', async () => {
  const clock = manualClock();
  const runtime = await open({ clock });
  const ticket = newTicket();
  await bench.send(ticket, 1, { timerAt: clock.now() + 1_000 });
  await bench.send(ticket, 2, { fault: 'throw' });
  await waits(runtime, ticket, 1);
  clock.advance(2_000);
  faults.timers = true;
  const { replay } = await runtime.parking.discard(order(ticket, await first(runtime, ticket)));
  expect(replay).toMatchObject({ replayed: 0, remaining: 1, error: { code: 'bug' } });
  expect(await runtime.parking.list()).toMatchObject([{ ticketId: ticket, waiting: 1, errorCode: 'bug' }]);
  expect((await runtime.parking.waiting(ticket)).records).toMatchObject([{ type: 'timer alarm' }]);
  faults.timers = false;
  expect(await runtime.parking.replay(ticket)).toEqual({ ticketId: ticket, replayed: 1, remaining: 0 });
  expect(await bench.seen(ticket)).toEqual(['e1.1', 't:alarm']);
  expect(await rowOf(ticket)).toMatchObject({ parked: false });
});
