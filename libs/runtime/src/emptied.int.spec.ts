import { encodeHeaders, headerOf, partitionOf, retoldTopicOf, sourceOf } from '@paidan/contracts';
import { copySchema } from '@paidan/local';
import { until } from '@paidan/testing';
import { randomUUID } from 'node:crypto';
import { LogClient } from './kafka/kafkajs.js';
import type { LogRecord } from './kafka/log-record.js';
import { readAll } from './kafka/reader.kit.js';
import type { Retold } from './restore/retold.js';
import { order, sees, startTally, type TallyRuntime } from './restored.kit.js';
import { Bench, newTicket } from './runtime.kit.js';

/** A schema that begins with nothing, in a city that doesn't. */
describe('an empty schema', () => {
  let bench: Bench;
  let blank: Awaited<ReturnType<typeof copySchema>>;
  beforeEach(async () => {
    bench = await Bench.open();
    await (await bench.runtime()).stop();
    blank = await copySchema(bench.superuserUrl, 'dispatch');
  });
  afterEach(() => bench.close());

  const start = (definition?: object) => startTally(bench, definition);
  const seen = (ticketId: string, labels: string) => sees(bench, ticketId, labels);
  const allSent = () => until('sent', async () => (await bench.rows('select 1 from outbox union all select 1 from notice')).length === 0);
  const said = async (ticketId: string) =>
    (await bench.said()).flatMap((one) =>
      one.ticketId === ticketId && one.sequence > 0 ? [`${one.epoch}.${one.sequence} ${one.payload.label}`] : [],
    );
  const told = (runtime: TallyRuntime) =>
    until('told', async () => (await runtime.client.told(`paidan.dispatch.${bench.topic}`, [bench.topic])).length > 0, 20_000);
  const notices = async () => (await inTopic()).filter(({ headers }) => headerOf(headers, 'ce_type') === 'paidan.test.v1').length;

  it('is found out by what Kafka was told, and learns all from a log that still has it', async () => {
    const [ticket, fresh] = [newTicket(), newTicket()];
    const first = await start();
    await bench.send(ticket, 1, { noticeTo: bench.topic });
    await seen(ticket, 'e1.1');
    await order(first, ticket, { note: 'a' });
    await bench.send(ticket, 2);
    await seen(ticket, 'e1.1,c:a,e1.2');
    await allSent();
    await told(first);
    await first.stop();
    await blank.restore();

    const again = await start();
    await bench.send(fresh, 1);
    await until('filled', () => !again.restoration.isUnderWay, 30_000);
    await seen(fresh, 'e1.1');
    expect(await bench.seen(ticket)).toEqual(['e1.1', 'c:a', 'e1.2']);
    await allSent();
    expect(again.epoch).toBe(2);
    expect(await said(ticket)).toEqual(['1.1 e1.1', '1.2 c:a', '1.3 e1.2']);
    expect(await notices()).toBe(1);
    expect(await again.restoration.last()).toMatchObject({ told: false, emptied: true, recalled: 3, noticesNotRepeated: 1 });
  }, 60_000);

  it('in a new city is nothing to be found out', async () => {
    const ticket = newTicket();
    const runtime = await start({});
    await bench.send(ticket, 1);
    await seen(ticket, 'e1.1');
    expect([runtime.epoch, await runtime.restoration.last()]).toEqual([1, undefined]);
  }, 60_000);

  it('is filled with what is told again, where the log no longer has it, and goes on with the log', async () => {
    const [old, busy] = [newTicket(), newTicket()];
    const first = await start();
    await bench.send(old, 1, { noticeTo: bench.topic });
    await bench.send(busy, 1);
    await seen(old, 'e1.1');
    await order(first, old, { note: 'a', timerAt: Date.now() + 600_000 });
    await seen(busy, 'e1.1');
    await allSent();
    const before = await tellAgain();
    await bench.send(busy, 2);
    await seen(busy, 'e1.1,e1.2');
    await order(first, busy, { note: 'b' });
    await allSent();
    await first.stop();
    await blank.restore();
    await cutLog(before);

    const again = await start();
    await until('it is wanted', async () => (await again.health()).restoring?.includes('history-wanted') === true, 20_000);
    await expect(order(again, old, {})).rejects.toMatchObject({ code: 'restoring', status: 503 });
    await expect(again.restoration.takeHistory({ ...before, cluster: 'another' })).rejects.toMatchObject({
      code: 'history-out-of-date',
      status: 409,
    });
    const late = { ...before, positions: before.positions.map((one) => ({ ...one, offset: one.offset - 1 })) };
    await expect(again.restoration.takeHistory(late)).rejects.toMatchObject({ code: 'history-out-of-date' });
    expect(await again.restoration.last()).toMatchObject({ wantsHistory: true });
    await again.restoration.takeHistory(before);
    expect(await again.restoration.last()).toMatchObject({ wantsHistory: false });
    await bench.send(old, 2);
    await until('filled', () => !again.restoration.isUnderWay, 30_000);
    await seen(old, 'e1.1,c:a,e1.2');
    expect(await bench.seen(busy)).toEqual(['e1.1', 'e1.2', 'c:b']);
    await allSent();
    expect(await said(old)).toEqual(['2.3 e1.2']);
    expect(await again.restoration.last()).toMatchObject({ emptied: true, recalled: 5, unfolded: 0, saidAnew: 1, noticesNotRepeated: 1 });
    expect(await notices()).toBe(0);
    await expect(again.restoration.takeHistory(before)).rejects.toMatchObject({ code: 'history-not-wanted', status: 409 });
    expect(await bench.rows('select 1 from log_position where topic = $1', [retoldTopicOf(bench.topic)])).toEqual([]);
    await again.stop();

    // Whoever comes after finds a schema as any other.
    const third = await start();
    await order(third, old, { note: 'c' });
    await allSent();
    expect((await said(old)).at(-1)).toBe('2.4 c:c');
  }, 90_000);

  it('tells what comes of events that it had not got to, though they are told again with the rest', async () => {
    const [old, late] = [newTicket(), newTicket()];
    const first = await start();
    await bench.send(old, 1, { noticeTo: bench.topic });
    await seen(old, 'e1.1');
    await allSent();
    await told(first);
    const early = await tellAgain();
    await first.stop();
    // The teller goes on while the service is away.
    await bench.send(late, 1, { noticeTo: bench.topic });
    await bench.send(old, 2, { noticeTo: bench.topic });
    const later = await tellAgain();
    await blank.restore();
    await cutLog(early);

    const again = await start();
    await until('it is wanted', async () => (await again.health()).restoring?.includes('history-wanted') === true, 20_000);
    await again.restoration.takeHistory(later);
    await until('filled', () => !again.restoration.isUnderWay, 30_000);
    await seen(late, 'e1.1');
    expect(await bench.seen(old)).toEqual(['e1.1', 'e1.2']);
    await allSent();
    // That of the first event lay before the cut, and is not repeated.
    expect(await notices()).toBe(2);
    expect(await again.restoration.last()).toMatchObject({ emptied: true, noticesNotRepeated: 1 });
    expect(await bench.rows('select from unheard_event')).toEqual([]);
  }, 90_000);

  /** What the log has now. */
  async function inTopic(): Promise<readonly LogRecord[]> {
    const client = new LogClient({ brokers: bench.infra.brokers, clientId: 'emptied' });
    const found: LogRecord[] = [];
    const left = (await client.offsets(bench.topic)).reduce((sum, { low, high }) => sum + high - low, 0);
    const reader = await readAll(client, [bench.topic], (record) => found.push(record));
    await until('read', () => found.length >= left, 20_000);
    await reader.stop();
    await client.close();
    return found;
  }

  /** As feedback does: the whole log so far, among what was told another time. */
  async function tellAgain(): Promise<Retold> {
    const topic = retoldTopicOf(bench.topic);
    const stranger = newTicket();
    await bench.produce(
      [
        {
          key: stranger,
          value: '{}',
          partition: partitionOf(stranger, bench.partitions),
          headers: encodeHeaders({
            ...{ id: randomUUID(), source: sourceOf('intake'), type: 'paidan.ticket.registered.v1', subject: stranger },
            ...{ time: new Date().toISOString(), sequence: 1, epoch: 1 },
          }),
        },
      ],
      topic,
    );
    const admin = bench.kafka.admin();
    await admin.connect();
    const [from, positions] = [await admin.fetchTopicOffsets(topic), await admin.fetchTopicOffsets(bench.topic)];
    const events = (await inTopic()).filter(({ headers }) => headerOf(headers, 'ce_source') !== undefined);
    await bench.produce(
      events.map(({ key, value, headers }) => ({
        key: String(key),
        value: String(value),
        partition: partitionOf(String(key), bench.partitions),
        headers: Object.fromEntries(Object.keys(headers).map((name) => [name, headerOf(headers, name) ?? ''])),
      })),
      topic,
    );
    const to = await admin.fetchTopicOffsets(topic);
    const { clusterId } = await admin.describeCluster();
    await admin.disconnect();
    return {
      cluster: clusterId,
      stretches: from.map(({ partition, high }) => ({
        partition,
        from: Number(high),
        to: Number(to.find((one) => one.partition === partition)?.high),
      })),
      positions: positions.map(({ partition, high }) => ({ partition, offset: Number(high) })),
    };
  }

  /** Its time is over. */
  async function cutLog({ positions }: Retold): Promise<void> {
    const admin = bench.kafka.admin();
    await admin.connect();
    // The client knows the topic's leaders only once it has asked for something of it.
    await admin.fetchTopicOffsets(bench.topic);
    await admin.deleteTopicRecords({
      topic: bench.topic,
      partitions: positions.map(({ partition, offset }) => ({ partition, offset: String(offset) })),
    });
    await admin.disconnect();
  }
});
