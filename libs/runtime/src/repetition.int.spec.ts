import { until } from '@paidan/testing';
import type { Notice } from './reactor/decision.js';
import { Bench, faults, newTicket, type Order, type TallyCommand } from './runtime.kit.js';

/* Whoever repeats a command, because its answer was lost, hears the answer that was given. */

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.open();
});
afterAll(() => bench.close());
afterEach(() => Promise.all(bench.runtimes.splice(0).map((runtime) => runtime.stop())));

const commandTo = (ticketId: string, payload: Order): TallyCommand => ({
  commandId: newTicket(),
  name: 'order',
  ticketId,
  actor: { kind: 'person', subject: 'wang', roles: [] },
  payload,
});
const kept = async ({ commandId }: TallyCommand) =>
  (await bench.rows('select outcome from command where command_id = $1', [commandId])).length;
const REUSED = { accepted: false, reason: 'command-id-reused' };

/** A runtime that reads the log and answers commands there, in rows that nobody sends. */
const reading = async () => {
  const answer = ({ commandId, ticketId }: TallyCommand, outcome: object): Notice[] => [
    { topic: bench.topic, key: ticketId, type: 'paidan.test.v1', payload: { commandId, ...outcome } },
  ];
  const runtime = await bench.runtime({ definition: { answer } });
  bench.read(runtime);
  return runtime;
};
const toldOf = async (ticketId: string): Promise<object[]> =>
  (await bench.rows<{ payload: string }>('select payload from notice where key = $1 order by id', [ticketId])).map(
    ({ payload }) => JSON.parse(payload) as object,
  );

it('an acceptance is repeated, and another command under its id is refused', async () => {
  const runtime = await bench.runtime();
  const ticket = newTicket();
  const command = commandTo(ticket, { note: 'a' });
  const answers = await Promise.all([1, 2, 3].map(() => runtime.reactor.command(command)));
  expect(answers).toEqual(Array(3).fill({ accepted: true, answer: { count: 1 } }));
  expect(await runtime.reactor.command({ ...command, payload: { note: 'b' } })).toEqual(REUSED);
  expect(await bench.seen(ticket)).toEqual(['c:a']);
});

it('a refusal is repeated though its reason has gone, over either door, until the sender takes a new id', async () => {
  const runtime = await reading();
  const ticket = newTicket();
  const command = commandTo(ticket, { note: 'b', needs: 'a' });
  const refusal = { accepted: false, reason: 'not-yet', detail: { note: null } };
  // Nobody knows the ticket yet, so that there is no row which these could wait for.
  expect(await Promise.all([1, 2, 3].map(() => runtime.reactor.command(command)))).toEqual(Array(3).fill(refusal));
  expect(await bench.rows('select 1 from ticket where ticket_id = $1', [ticket])).toEqual([]);
  await runtime.reactor.command(commandTo(ticket, { note: 'a' }));

  expect(await runtime.reactor.command(command)).toEqual(refusal);
  await bench.sendCommand(command);
  await until('an answer', async () => (await toldOf(ticket)).length === 1);
  expect(await toldOf(ticket)).toEqual([{ commandId: command.commandId, ...refusal }]);
  expect(await runtime.reactor.command({ ...command, payload: { note: 'c', needs: 'a' } })).toEqual(REUSED);
  expect(await bench.seen(ticket)).toEqual(['c:a']);

  expect(await runtime.reactor.command({ ...command, commandId: newTicket() })).toMatchObject({ accepted: true });
  expect(await bench.seen(ticket)).toEqual(['c:a', 'c:b']);
});

it('a refusal answers nobody but who was refused: it may be due to who asked', async () => {
  const runtime = await bench.runtime();
  const command = commandTo(newTicket(), { needs: 'a' });
  expect(await runtime.reactor.command(command)).toMatchObject({ reason: 'not-yet' });
  expect(await runtime.reactor.command({ ...command, actor: { ...command.actor, subject: 'li' } })).toEqual(REUSED);
  // A person's token may have other roles by then; the command is the same.
  expect(await runtime.reactor.command({ ...command, actor: { ...command.actor, roles: ['supervisor'] } })).toMatchObject({
    reason: 'not-yet',
  });
});

it('said twice in a batch, or for two tickets at once, a refused command has one outcome', async () => {
  const runtime = await reading();
  const [ticket, other] = [newTicket(), newTicket()];
  const command = commandTo(ticket, { note: 'b', needs: 'a' });
  // Another process has just refused this id to another ticket, and has not committed.
  const slow = await bench.pg.connect();
  await slow.query('set search_path = dispatch');
  await slow.query('begin');
  await slow.query(
    `insert into command (command_id, ticket_id, digest, outcome) values ($1, $2, 'x', '{"accepted": false, "reason": "r"}')`,
    [command.commandId, other],
  );
  await bench.sendCommand(command);
  await bench.sendCommand(command);
  await until(
    'the batch waits',
    async () =>
      (await bench.rows(`select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like 'insert into command%'`)).length > 0,
  );
  await slow.query('commit');
  slow.release();
  await until('both answers', async () => (await toldOf(ticket)).length === 2);
  expect(await toldOf(ticket)).toEqual(Array(2).fill({ commandId: command.commandId, ...REUSED }));
  expect(await runtime.parking.list()).toEqual([]);
});

it('a parked ticket and a server that is away are no answers', async () => {
  let down = false;
  const facts = () => {
    if (down) throw Object.assign(new Error('terminating connection'), { code: '57P01' });
    return null;
  };
  const runtime = await bench.runtime({ definition: { facts } });
  bench.read(runtime);
  const ticket = newTicket();
  faults.healed = false;
  await bench.send(ticket, 1, { fault: 'throw' });
  await until('parked', async () => (await runtime.parking.count()) === 1);
  const command = commandTo(ticket, { note: 'b', needs: 'a' });
  await expect(runtime.reactor.command(command)).rejects.toMatchObject({ code: 'ticket-parked', status: 409 });
  faults.healed = true;
  await runtime.parking.replay(ticket);
  down = true;
  await expect(runtime.reactor.command(command)).rejects.toMatchObject({ code: 'database-unavailable', status: 503 });
  down = false;
  expect(await kept(command)).toBe(0);
  await runtime.reactor.command(commandTo(ticket, { note: 'a' }));
  expect(await runtime.reactor.command(command)).toMatchObject({ accepted: true });
});

it('nothing is kept of what nobody can repeat', async () => {
  const runtime = await bench.runtime();
  const ticket = newTicket();
  const [refused, accepted] = [commandTo(ticket, { needs: 'a' }), commandTo(ticket, { note: 'a' })];
  expect(await runtime.reactor.command({ ...refused, oneOff: true })).toMatchObject({ accepted: false });
  expect(await runtime.reactor.command({ ...accepted, oneOff: true })).toMatchObject({ accepted: true });
  expect([await kept(refused), await kept(accepted)]).toEqual([0, 0]);
});
