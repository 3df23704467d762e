import { createTopics, type ServerHandle } from '@paidan/local';
import { type OwnInfra, ownInfra, replaceKafka, until } from '@paidan/testing';
import { LogWriter, openKafka, type Reader, readFromNow } from './log.js';

const TOPIC = 'paidan.receipts.web-portal';
const topics = [{ name: TOPIC, partitions: 1 }];

describe('a partner that reads', () => {
  let infra: OwnInfra;
  let other: ServerHandle | undefined;
  let [writer, reader]: [LogWriter | undefined, Reader | undefined] = [undefined, undefined];
  beforeAll(async () => {
    infra = await ownInfra();
  }, 120_000);
  afterAll(async () => {
    await Promise.all([writer?.close(), reader?.disconnect()]);
    await other?.stop();
    await infra.stop();
  }, 60_000);

  it('reads from now on; of another Kafka, which knows nothing of it, all', async () => {
    await createTopics(infra.brokers, topics);
    const kafka = openKafka(infra.brokers, 'paidan-test');
    const complaints: string[] = [];
    const writing = (writer = await LogWriter.open(kafka, (what) => complaints.push(what)));
    const heard: string[] = [];
    const write = (...words: readonly string[]): void => words.forEach((word) => writing.write(TOPIC, 'k', { word }));
    const hears = (...words: readonly string[]): Promise<true> =>
      until(words.join(), () => Promise.resolve(heard.join() === words.join() || undefined), 60_000);

    write('before', 'as well');
    const admin = kafka.admin();
    await admin.connect();
    await until('written', async () => (await admin.fetchTopicOffsets(TOPIC))[0]?.high === '2' || undefined);
    await admin.disconnect();
    reader = await readFromNow(
      kafka,
      'test',
      [TOPIC],
      ({ value }) => heard.push((JSON.parse(String(value)) as { readonly word: string }).word),
      (what) => complaints.push(what),
    );
    write('one', 'two');
    await hears('one', 'two');

    other = await replaceKafka(infra);
    await createTopics(infra.brokers, topics);
    // Before it is back, and as many as it had read before.
    write('three', 'four', 'five', 'six');
    await hears('one', 'two', 'three', 'four', 'five', 'six');
  }, 180_000);
});
