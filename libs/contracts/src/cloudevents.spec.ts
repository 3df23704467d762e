import { CloudEvent, Kafka, type KafkaMessage } from 'cloudevents';
import { encodeHeaders, eventType, type Envelope } from './envelope.js';

const envelope: Envelope = {
  id: '0193a3c2-5c00-7000-8000-000000000001/1/3',
  source: '/paidan/department-handler',
  type: eventType('work.progressed'),
  subject: '0193a3c2-5c00-7000-8000-000000000001',
  time: '2026-11-22T02:00:00.000Z',
  sequence: 3,
  epoch: 1,
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  causationId: '0193a3c2-5c00-7000-8000-00000000000c',
};
const payload = { assignment: 1, unit: 'city-transport', officer: 'u-17', note: { kind: 'open', text: '已到现场' } };

/** As a Kafka client hands it over: value and headers as bytes. */
const message = (drop: string[] = []): KafkaMessage => ({
  key: envelope.subject,
  headers: Object.fromEntries(
    Object.entries(encodeHeaders(envelope))
      .filter(([name]) => !drop.includes(name))
      .map(([name, value]) => [name, Buffer.from(value).toString()]),
  ),
  value: JSON.stringify(payload),
  body: JSON.stringify(payload),
});

describe('the CloudEvents SDK', () => {
  it('takes our binary-mode message for a CloudEvent', () => {
    expect(Kafka.isEvent(message())).toBe(true);
    const event = Kafka.toEvent(message());
    expect(event).toBeInstanceOf(CloudEvent);
    expect((event as CloudEvent).validate()).toBe(true);
    expect(event).toMatchObject({
      specversion: '1.0',
      id: envelope.id,
      source: envelope.source,
      type: 'paidan.work.progressed.v1',
      subject: envelope.subject,
      time: envelope.time,
      sequence: '3',
      epoch: '1',
      traceparent: envelope.traceparent,
      causationid: envelope.causationId,
      datacontenttype: 'application/json',
      data: payload,
    });
  });

  it('does not, when a required attribute is missing', () => {
    expect(() => (Kafka.toEvent(message(['ce_type'])) as CloudEvent).validate()).toThrow();
  });

  it('writes headers that we read', () => {
    const { causationId: causationid, ...rest } = envelope;
    const ours = new CloudEvent({ ...rest, causationid, time: envelope.time, sequence: '3', epoch: '1', data: payload });
    const theirs = Kafka.binary(ours).headers;
    expect(theirs).toMatchObject(Object.fromEntries(Object.entries(encodeHeaders(envelope)).filter(([name]) => name !== 'content-type')));
  });
});
