import { ownInfra, type OwnInfra, until } from '@paidan/testing';
import { setTimeout as delay } from 'node:timers/promises';
import type { Runtime } from './runtime.js';
import { Bench, newTicket, type Tally, type TallyCommand } from './runtime.kit.js';

/** What happens while Kafka or Postgres is away. A pair of servers of its own, because it breaks them. */
describe('outages', () => {
  let infra: OwnInfra;
  let bench: Bench;
  beforeAll(async () => {
    infra = await ownInfra();
  }, 120_000);
  afterAll(() => infra.stop());
  beforeEach(async () => {
    bench = await Bench.open(infra);
  });
  afterEach(() => bench.close());

  const command = (ticketId: string, note: string): TallyCommand => ({
    commandId: newTicket(),
    name: 'order',
    ticketId,
    actor: { kind: 'person', subject: 'p', roles: [] },
    payload: { note },
  });

  /** Gives commands until told to stop; counts those that were answered. A refused one is tried again under its id, as a caller would. */
  function commandLoad(runtime: Runtime<Tally, null, TallyCommand>) {
    let running = true;
    const accepted: string[] = [];
    const errors: unknown[] = [];
    const loop = (async () => {
      while (running) {
        const ticket = newTicket();
        const order = command(ticket, 'load');
        for (;;)
          try {
            await runtime.reactor.command(order);
            accepted.push(ticket);
            break;
          } catch (error) {
            errors.push(error);
            await delay(200);
          }
        await delay(20);
      }
    })();
    return {
      accepted,
      errors,
      stop: async () => {
        running = false;
        await loop;
      },
    };
  }

  it('Kafka stopped for a minute under load: commands are taken, the outbox fills, all is sent and read afterwards', async () => {
    const runtime = await bench.runtime();
    runtime.start();
    bench.read(runtime);
    const before = newTicket();
    await bench.send(before, 1);
    await until('reading', async () => (await bench.seen(before)).length === 1);
    const load = commandLoad(runtime);
    await infra.kafka.stop();
    await delay(60_000);
    expect(load.errors).toEqual([]);
    const health = await runtime.health();
    expect(health).toMatchObject({ database: true, stalled: false });
    expect(health.degraded.length).toBeGreaterThan(0);
    expect(Number((await bench.rows<{ n: string }>('select count(*) n from outbox'))[0]?.n)).toBeGreaterThan(100);
    await infra.kafka.restart();
    await load.stop();
    await until('outbox empty', async () => (await bench.rows('select 1 from outbox')).length === 0, 60_000);
    const said = new Set((await bench.said()).map((event) => event.ticketId));
    expect(load.accepted.filter((ticket) => !said.has(ticket))).toEqual([]);
    const after = newTicket();
    await bench.send(after, 1);
    await until('reading again, in the same process', async () => (await bench.seen(after)).length === 1, 60_000);
    await until('well again', async () => (await runtime.health()).degraded.length === 0, 30_000);
  }, 240_000);

  it('Kafka away at the start: the service starts, and reads when Kafka is there', async () => {
    await infra.kafka.stop();
    const runtime = await bench.runtime();
    runtime.start();
    bench.read(runtime);
    const ticket = newTicket();
    expect(await runtime.reactor.command(command(ticket, 'x'))).toMatchObject({ accepted: true });
    await infra.kafka.restart();
    await until('sent', async () => (await bench.rows('select 1 from outbox')).length === 0, 60_000);
  }, 120_000);

  it('Postgres restarted under load: commands get 503 meanwhile, consumers wait, nothing is lost or doubled', async () => {
    const runtime = await bench.runtime();
    runtime.start();
    bench.read(runtime);
    const tickets = Array.from({ length: 100 }, newTicket);
    const load = commandLoad(runtime);
    await bench.sendAll(tickets.map((ticketId) => ({ ticketId, sequence: 1 })));
    await until('reading', async () => (await bench.seen(tickets[0] ?? '')).length === 1);
    for (let sequence = 2; sequence <= 4; sequence += 1) await bench.sendAll(tickets.map((ticketId) => ({ ticketId, sequence })));
    await infra.postgres.kill('SIGKILL');
    await bench.sendAll(tickets.map((ticketId) => ({ ticketId, sequence: 5 })));
    await delay(2_000);
    await infra.postgres.restart();
    await until(
      'all events',
      async () =>
        (await bench.rows(`select 1 from ticket where (record -> 'seen')::jsonb = '["e1.1", "e1.2", "e1.3", "e1.4", "e1.5"]'`)).length ===
        100,
      60_000,
    );
    await load.stop();
    expect(load.errors.length).toBeGreaterThan(0);
    for (const error of load.errors) expect(error).toMatchObject({ code: 'database-unavailable', status: 503 });
    expect((await bench.rows(`select 1 from ticket where (record -> 'seen')::jsonb = '["c:load"]'`)).length).toBe(load.accepted.length);
  }, 180_000);

  it('a backend killed in mid-transaction: the batch is done again and the pool recovers', async () => {
    const runtime = await bench.runtime({
      definition: { write: async (tx) => void (await tx.query('select pg_sleep(0.3)')) },
    });
    runtime.start();
    bench.read(runtime);
    const tickets = Array.from({ length: 20 }, newTicket);
    await bench.sendAll(tickets.map((ticketId) => ({ ticketId, sequence: 1 })));
    let killed = 0;
    await until('a backend killed while it sleeps', async () => {
      const rows = await bench.rows(
        `select pg_terminate_backend(pid) from pg_stat_activity where query like 'select pg_sleep%' and pid <> pg_backend_pid() and datname = current_database()`,
      );
      killed += rows.length;
      return killed > 0;
    });
    await until(
      'all',
      async () => (await bench.rows(`select 1 from ticket where (record -> 'seen')::jsonb = '["e1.1"]'`)).length === 20,
      30_000,
    );
    await Promise.all(Array.from({ length: 20 }, () => runtime.reactor.command(command(newTicket(), 'after'))));
  }, 60_000);

  it('a topic made anew under a kept position is a named error, never a silent jump', async () => {
    const first = await bench.runtime();
    bench.read(first);
    const tickets = Array.from({ length: 20 }, newTicket);
    await bench.sendAll(tickets.map((ticketId) => ({ ticketId, sequence: 1 })));
    await until('read', async () => (await bench.rows('select 1 from ticket')).length === 20);
    await until('stored', async () => (await bench.rows('select 1 from log_position where next_offset > 0')).length > 0);
    await first.stop();
    const admin = bench.kafka.admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [bench.topic] });
    await until('gone', async () => !(await admin.listTopics()).includes(bench.topic));
    await delay(1_000);
    await admin.createTopics({ topics: [{ topic: bench.topic, numPartitions: bench.partitions }] });
    await admin.disconnect();
    const second = await bench.runtime();
    const consumer = bench.read(second);
    await until('halted', () => consumer.state.halted.length > 0, 30_000);
    expect(consumer.state.halted[0]?.error).toMatchObject({ code: 'position-lost', retryable: false });
    expect((await second.health()).degraded.join()).toMatch(/position-lost/);
  }, 90_000);

  it('another cluster, or another number of partitions, is a named error', async () => {
    const runtime = await bench.runtime();
    await bench.rows(`insert into log_position select '${bench.topic}', p, 0, 'another-cluster', 4 from generate_series(0, 1) p`);
    const consumer = bench.read(runtime);
    await until('halted', () => consumer.state.halted.length === 2, 30_000);
    expect(consumer.state.halted[0]?.error.code).toBe('cluster-changed');
    await runtime.stop();
    await bench.rows(`update log_position set cluster_id = (select cluster_id from log_position where partition = 3), partitions = 8`);
    const again = await bench.runtime();
    const next = bench.read(again);
    await until('halted', () => next.state.halted.length === 4, 30_000);
    expect(next.state.halted[0]?.error.code).toBe('partition-count-changed');
  }, 90_000);
});
