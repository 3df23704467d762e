import { createTopics, type ServerHandle } from '@paidan/local';
import { ownInfra, replaceKafka, testTopics, type OwnInfra, until } from '@paidan/testing';
import { manualClock } from './clock.js';
import type kafkajs from 'kafkajs';
import { setTimeout as delay } from 'node:timers/promises';
import { TRUSTED_MS } from './kafka/known-cluster.js';
import type { Runtime } from './runtime.js';
import { Bench, decideTally, newTicket, type Order, type Tally, type TallyCommand } from './runtime.kit.js';

type TallyRuntime = Runtime<Tally, null, TallyCommand>;

/** The tally's decision, said as intake may say it. */
const registering: typeof decideTally = (record, message, context) => {
  const decision = decideTally(record, message, context);
  return (
    decision && { ...decision, events: (decision.events ?? []).map((event) => ({ ...event, name: 'ticket.registered' }) as typeof event) }
  );
};

/** A Kafka, or a topic, that is lost with words in it that a reader had not come to. */
describe('a log that is lost', () => {
  let infra: OwnInfra;
  let bench: Bench;
  let other: ServerHandle | undefined;
  beforeAll(async () => {
    infra = await ownInfra();
  }, 120_000);
  afterAll(async () => {
    await other?.stop();
    await infra.stop();
  });
  beforeEach(async () => {
    bench = await Bench.open(infra);
  });
  afterEach(() => bench.close());

  /** Says one event for each order that it is given. */
  const speaker = async (): Promise<TallyRuntime> => {
    const { database } = bench.options();
    const { databaseUrl, migratorUrl } = bench.intakeUrls;
    const runtime = await bench.runtime({
      definition: { service: 'intake', decide: registering },
      database: { ...database, url: databaseUrl, migratorUrl, schema: 'intake' },
    });
    runtime.start();
    return runtime;
  };
  const hearer = async () => {
    const runtime = await bench.runtime();
    runtime.start();
    return { runtime, consumer: bench.read(runtime, 'hearer') };
  };
  const order = async (runtime: TallyRuntime, ticketId: string, payload: Order = {}): Promise<void> => {
    const actor = { kind: 'person', subject: 'p', roles: [] } as const;
    await runtime.reactor.command({ commandId: newTicket(), name: 'order', ticketId, actor, payload });
  };
  const allSent = (runtime: TallyRuntime): Promise<true> =>
    until(
      'sent',
      async () => (await runtime.database.query('select 1 from outbox union all select 1 from notice')).rows.length === 0,
      30_000,
    );
  const remakeTopic = (): Promise<unknown> => createTopics(infra.brokers, [{ name: bench.topic, partitions: bench.partitions }]);
  /** What an operator does once the topics are there. */
  const mend = async (...runtimes: readonly TallyRuntime[]): Promise<void> => {
    await Promise.all(runtimes.map((runtime) => runtime.lostLog.hold()));
    await Promise.all(runtimes.map((runtime) => runtime.lostLog.take()));
    // Repeated, as after a step that failed half-way.
    await Promise.all(runtimes.map((runtime) => runtime.lostLog.hold()));
    await Promise.all(runtimes.map((runtime) => runtime.lostLog.take()));
    for (const runtime of runtimes) await runtime.lostLog.republish(0);
  };
  const heard = (ticketId: string, events: readonly string[]): Promise<true> =>
    until(`${events.join()} heard of ${ticketId}`, async () => (await bench.seen(ticketId)).join() === events.join(), 30_000);

  it('a topic made anew: a named error, then what was said is said again, in order and to effect once', async () => {
    const [speaking, listening] = [await speaker(), await hearer()];
    const [first, second] = [newTicket(), newTicket()];
    await order(speaking, first);
    await order(speaking, second);
    await heard(first, ['e1.1']);
    await heard(second, ['e1.1']);
    await listening.runtime.stop();
    await order(speaking, first);
    await allSent(speaking);

    const admin = bench.kafka.admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [bench.topic] });
    await until('gone', async () => !(await admin.listTopics()).includes(bench.topic));
    await admin.disconnect();
    await remakeTopic();

    const again = await hearer();
    await until('halted', () => again.consumer.state.halted.length > 0, 30_000);
    expect(again.consumer.state.halted[0]?.error.code).toBe('position-lost');
    await expect(again.runtime.lostLog.take()).rejects.toMatchObject({ code: 'log-not-held', status: 409 });
    // Nothing tells the speaker, which has no position: what it says meanwhile is in the topic before its second word, and is said again behind that.
    await order(speaking, first);
    await allSent(speaking);
    await mend(speaking, again.runtime);
    await heard(first, ['e1.1', 'e1.2', 'e1.3']);
    await heard(second, ['e1.1']);
    await until('read on, all partitions', () => again.consumer.state.halted.length === 0, 30_000);
  }, 120_000);

  it('another Kafka: nothing is sent to it nor read from it until an operator says so; then nothing is missing, and nothing overtakes', async () => {
    const notices = await testTopics([{ name: 'unit', partitions: 1 }], { infra });
    const topic = notices.name('unit');
    const [speaking, listening] = [await speaker(), await hearer()];
    const [first, second] = [newTicket(), newTicket()];
    await order(speaking, first);
    await order(speaking, second, { noticeTo: topic });
    await heard(first, ['e1.1']);
    await heard(second, ['e1.1']);
    await listening.runtime.stop();
    for (const ticket of [first, second, first]) await order(speaking, ticket);
    await allSent(speaking);
    // Looks at how far the log has been read when there is more in it than there will be again.
    const clock = manualClock(1_000);
    const looking = await bench.runtime({ clock });
    for (let foreign = 0; foreign < 3; foreign += 1) for (const ticket of [first, second]) await bench.send(ticket, 100 + foreign);
    expect(looking.readThrough()).toBe(0);

    // A Kafka that is lost, replaced and given its topics within this time is found out at the next look: on a quiet machine the test is as quick.
    const lookedLast = Date.now();
    other = await replaceKafka(infra);
    await remakeTopic();
    await createTopics(infra.brokers, [{ name: topic, partitions: 1 }]);
    await delay(Math.max(0, lookedLast + TRUSTED_MS - Date.now()));
    await order(speaking, first);
    await until('named by the relay', async () => (await speaking.health()).degraded.join().includes('cluster-changed'), 60_000);
    const again = await hearer();
    await until('halted', () => again.consumer.state.halted.length > 0, 60_000);
    expect(again.consumer.state.halted[0]?.error.code).toBe('cluster-changed');
    expect(await bench.lengthOf(bench.topic)).toBe(0);
    // What isn't in the empty log hasn't been heard for that.
    expect([looking.readThrough(), again.runtime.readThrough()]).toEqual([0, 0]);
    await delay(1_200);
    expect([looking.readThrough(), again.runtime.readThrough()]).toEqual([0, 0]);
    await expect(speaking.lostLog.republish(0)).rejects.toMatchObject({ code: 'log-not-held' });
    await speaking.lostLog.hold();
    await expect(speaking.lostLog.republish(0)).rejects.toMatchObject({ code: 'log-not-taken' });

    await mend(speaking, again.runtime);
    for (let said = 0; said < 3; said += 1) await order(speaking, first);
    await heard(first, ['e1.1', 'e1.2', 'e1.3', 'e1.4', 'e1.5', 'e1.6', 'e1.7']);
    await heard(second, ['e1.1', 'e1.2']);
    await allSent(speaking);
    clock.set(2_000);
    await until('all of it is read', () => looking.readThrough() === 2_000, 30_000);
    expect((await speaking.health()).degraded).toEqual([]);
    // One stranger's message, under the id of the first time.
    expect(await bench.lengthOf(topic)).toBe(1);
    const [kept] = (await speaking.database.query<{ notice_id: string }>('select notice_id from notice_kept')).rows;
    expect(await noticeIds(bench, topic)).toEqual([kept?.notice_id]);
  }, 180_000);
});

async function noticeIds(bench: Bench, topic: string): Promise<string[]> {
  const consumer = bench.kafka.consumer({ groupId: newTicket() });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const ids: string[] = [];
  await consumer.run({
    eachMessage: ({ message }: kafkajs.EachMessagePayload) => {
      ids.push(String(message.headers?.['ce_id']));
      return Promise.resolve();
    },
  });
  await until('read', () => ids.length > 0, 30_000);
  await consumer.disconnect();
  return ids;
}
