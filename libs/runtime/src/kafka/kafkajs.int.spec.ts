import { testTopics, until } from '@paidan/testing';
import { setTimeout as delay } from 'node:timers/promises';
import { Bench, newTicket } from '../runtime.kit.js';
import { LogClient } from './kafkajs.js';

/** The faults of kafkajs 2.2.4 that the plan names, each met. (Lanes have their own pure spec; a crash judged non-retriable is among the outages.) */
describe('kafkajs', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await Bench.open();
  });
  afterEach(() => bench.close());

  it('arms no timer for ever on an idle connection', async () => {
    const client = new LogClient({ brokers: bench.infra.brokers, clientId: 'idle' });
    await client.send([{ topic: bench.topic, messages: [{ key: 'k', value: '{}', headers: {}, partition: 0 }] }]);
    await delay(300);
    const real = globalThis.setTimeout;
    let short = 0;
    globalThis.setTimeout = ((work: () => void, ms?: number) => {
      if ((ms ?? 0) <= 20) short += 1;
      return real(work, ms);
    }) as typeof setTimeout;
    try {
      await new Promise((resolve) => real(resolve, 1_000));
    } finally {
      globalThis.setTimeout = real;
      await client.close();
    }
    // Unmended, each connection arms some 700 a second.
    expect(short).toBeLessThan(20);
  });

  it('tells where a topic ends while it is asked about others', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `unit-${index}`);
    const topics = await testTopics(names.map((name) => ({ name, partitions: 2 })));
    const client = new LogClient({ brokers: bench.infra.brokers, clientId: 'curious' });
    try {
      // Just made, a partition may have a leader that doesn't know it yet.
      await until('led', () => client.offsets(topics.name('unit-0')).catch(() => undefined));
      // Unmended, the client forgets the one topic with each description of another.
      const describing = (async () => {
        for (const name of names) expect((await client.describe(topics.name(name))).partitions).toBe(2);
      })();
      for (const _ of names) expect(await client.offsets(topics.name('unit-0'))).toHaveLength(2);
      await describing;
    } finally {
      await client.close();
      await topics.remove();
    }
  }, 60_000);

  it('retention that has passed the kept position is a named error, though the client would go on from the default offset', async () => {
    const first = await bench.runtime();
    bench.read(first);
    const tickets = Array.from({ length: 40 }, newTicket);
    await bench.sendAll(tickets.map((ticketId) => ({ ticketId, sequence: 1 })));
    await until('read', async () => (await bench.rows('select 1 from ticket')).length === 40);
    await first.stop();
    await bench.sendAll(tickets.map((ticketId) => ({ ticketId, sequence: 2 })));
    const admin = bench.kafka.admin();
    await admin.connect();
    await admin.fetchTopicOffsets(bench.topic); // loads the metadata that the next call forgets to
    await admin.deleteTopicRecords({
      topic: bench.topic,
      partitions: Array.from({ length: bench.partitions }, (_, partition) => ({ partition, offset: '-1' })),
    });
    await admin.disconnect();
    const second = await bench.runtime();
    const consumer = bench.read(second);
    await until('halted', () => consumer.state.halted.length === bench.partitions);
    for (const { error } of consumer.state.halted) expect(error).toMatchObject({ code: 'position-lost' });
    expect((await bench.rows(`select 1 from ticket where json_array_length(record -> 'seen') > 1`)).length).toBe(0);
  }, 60_000);

  it('retention that passes a running consumer under its feet is a named error too', async () => {
    const runtime = await bench.runtime();
    const consumer = bench.read(runtime);
    const ticket = newTicket();
    await bench.send(ticket, 1);
    await until('reading', async () => (await bench.seen(ticket)).length === 1);
    // As if it had been away: its position is set back behind what the log still has, and the group is made to join anew.
    await until('stored', async () => (await bench.rows('select 1 from log_position where next_offset > 0')).length === 1);
    const admin = bench.kafka.admin();
    await admin.connect();
    await bench.send(ticket, 2);
    await until('read', async () => (await bench.seen(ticket)).length === 2);
    await admin.fetchTopicOffsets(bench.topic); // loads the metadata that the next call forgets to
    await admin.deleteTopicRecords({
      topic: bench.topic,
      partitions: Array.from({ length: bench.partitions }, (_, partition) => ({ partition, offset: '-1' })),
    });
    await admin.disconnect();
    await bench.rows('update log_position set next_offset = 0 where next_offset > 0');
    await bench.send(ticket, 3); // its batch is fenced, and the position read anew is not in the log
    await until('halted', () => consumer.state.halted.length === 1, 20_000);
    expect(consumer.state.halted[0]?.error.code).toBe('position-lost');
  }, 60_000);

  it('a batch longer than the session keeps its place in the group, and other partitions go on meanwhile', async () => {
    let slow = true;
    const started: number[] = [];
    const runtime = await bench.runtime({
      definition: {
        write: async (_tx, changes) => {
          if (!slow || !changes.some(({ after }) => after.note === 'slow')) return;
          slow = false;
          started.push(Date.now());
          // In two parts: a transaction that is silent for 10 s is ended.
          for (let i = 0; i < 2; i += 1) await _tx.query('select pg_sleep(7)');
        },
      },
    });
    runtime.start();
    const consumer = bench.read(runtime);
    const laggard = newTicket();
    await bench.send(laggard, 1, { note: 'slow' });
    await until('the slow batch has begun', () => started.length === 1);
    const others = Array.from({ length: 60 }, newTicket);
    await bench.sendAll(others.map((ticketId) => ({ ticketId, sequence: 1 })));
    await until('other partitions', async () => (await bench.rows('select 1 from ticket')).length > 20, 6_000);
    await until('all', async () => (await bench.rows('select 1 from ticket')).length === 61, 30_000);
    expect(await bench.seen(laggard)).toEqual(['e1.1']);
    expect(consumer.state).toMatchObject({ connected: true, halted: [] });
    await until('each said once', async () => (await bench.rows('select 1 from outbox')).length === 0);
    expect((await bench.said()).length).toBe(61);
  }, 60_000);
});
