import type { TSchema } from 'typebox';
import { CONTENT_TYPE, eventType, sourceOf, wireType } from './envelope.js';
import { EVENT_NAMES, EVENTS, type EventName } from './events.js';
import { DEPARTMENT_COMMAND_SHAPES, DEPARTMENT_COMMANDS } from './inbound/department-commands.js';
import { shapeSchemas } from './inbound/schemas.js';
import { OUTBOUND, OUTBOUND_NAMES, type OutboundName } from './outbound.js';
import { DIRECTORY_PARTITIONS } from './outbound/directory.js';
import type { Sample } from './samples.js';
import { DIRECTORY_TOPIC, retoldTopicOf, TICKETS_PARTITIONS, TICKETS_TOPIC } from './topics.js';
import { CHANNEL_ID, SERVICES, UNIT_CODE, type Service } from './vocabulary.js';
import { COMMAND_WORDS, EVENT_WORDS, OUTBOUND_WORDS, SUBMISSION_WORDS, type MessageWords } from './words.js';

type Json = Readonly<Record<string, unknown>>;

/** `paidan.ticket.registered.v1` without the prefix: the name of a message's schema, sample and entry in the document. */
export const messageId = (type: string): string => type.slice('paidan.'.length);

const eventId = (name: EventName): string => messageId(eventType(name));
const outboundId = (name: OutboundName): string => messageId(wireType(name, OUTBOUND[name].version));
const commandId = (name: string): string => `command.${name}.v1`;
const SUBMISSION_ID = 'submission.v1';

const ref = (...path: string[]): Json => ({ $ref: `#/${path.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}` });
const text = { type: 'string' };
/** A TypeBox schema is JSON Schema already. */
export const plain = (schema: TSchema): Json => schema as Json;

/** Headers of a message in CloudEvents binary mode. */
const headersOf = (type: string, sources: readonly string[], numbered: boolean): Json => ({
  type: 'object',
  required: [
    'ce_specversion',
    'ce_id',
    'ce_source',
    'ce_type',
    'ce_subject',
    'ce_time',
    ...(numbered ? ['ce_sequence', 'ce_epoch'] : []),
    'content-type',
  ],
  properties: {
    ce_specversion: { const: '1.0' },
    ce_id: text,
    ce_source: { enum: sources },
    ce_type: { const: type },
    ce_subject: text,
    ce_time: { ...text, format: 'date-time' },
    ...(numbered
      ? {
          ce_sequence: { ...text, pattern: '^[1-9]\\d*$', description: '1, 2, 3 … per (service, ticket)' },
          ce_epoch: { ...text, pattern: '^\\d+$', description: "raised when the service's schema was restored from a back-up" },
          ce_causationid: { ...text, format: 'uuid', description: 'id of the command that led to it, where one did' },
        }
      : {}),
    ce_traceparent: { ...text, description: 'W3C trace context' },
    'content-type': { const: CONTENT_TYPE },
  },
});

const message = (
  id: string,
  words: MessageWords,
  key: Json,
  headers: Json | undefined,
  schema: string,
  samples: readonly Sample[],
): Json => ({
  name: id,
  title: words.zh,
  summary: words.en,
  contentType: CONTENT_TYPE,
  ...(headers === undefined ? {} : { headers }),
  payload: ref('components', 'schemas', schema),
  bindings: { kafka: { key } },
  examples: samples
    .filter((sample) => sample.message === id)
    .map(({ name, headers: sent, value }) => ({
      name,
      ...(sent && Object.keys(sent).length > 0 ? { headers: sent } : {}),
      payload: value,
    })),
});

const TICKET_KEY = { type: 'string', format: 'uuid', description: 'ticket id' };
const KEYS = {
  assignments: { type: 'string', description: 'ticket id; of a command that could not be read, anything' },
  receipts: { type: 'string', description: 'external id' },
  directory: {
    type: 'string',
    description: 'unit:<code>, matter:<code>, responsibility:<matter>@<area>@<from>, mailbox:<code> or published',
  },
};

const messages = (samples: readonly Sample[]): Record<string, Json> => {
  const result: Record<string, Json> = {};
  for (const name of EVENT_NAMES) {
    const { service } = EVENTS[name];
    const sources = (service === 'any' ? SERVICES : [service]).map(sourceOf);
    const id = eventId(name);
    result[id] = message(id, EVENT_WORDS[name], TICKET_KEY, headersOf(eventType(name), sources, true), id, samples);
  }
  for (const name of OUTBOUND_NAMES) {
    const { service, family, version } = OUTBOUND[name];
    const id = outboundId(name);
    result[id] = message(
      id,
      OUTBOUND_WORDS[name],
      KEYS[family],
      headersOf(wireType(name, version), [sourceOf(service)], false),
      id,
      samples,
    );
  }
  result[SUBMISSION_ID] = message(SUBMISSION_ID, SUBMISSION_WORDS, text, undefined, 'SubmissionV1', samples);
  for (const name of DEPARTMENT_COMMANDS) {
    const shape = DEPARTMENT_COMMAND_SHAPES[name].name;
    result[commandId(name)] = message(commandId(name), COMMAND_WORDS[name], text, undefined, shape, samples);
  }
  return result;
};

interface Channel {
  readonly address: string;
  readonly title: string;
  readonly description: string;
  readonly ids: readonly string[];
  readonly more: Json;
}

const inFamily = (family: string): string[] => OUTBOUND_NAMES.filter((name) => OUTBOUND[name].family === family).map(outboundId);
const ofUnit = { parameters: { unit: { description: `unit code of the directory, ${UNIT_CODE.source}` } } };
const ofChannel = { parameters: { channel: { description: `registered channel id, ${CHANNEL_ID.source}` } } };

const CHANNELS: Readonly<Record<string, Channel>> = {
  tickets: {
    address: TICKETS_TOPIC,
    title: '工单事件',
    description: "Every domain event, keyed by ticket id: each consumer reads one ticket's story in one order.",
    ids: EVENT_NAMES.map(eventId),
    more: { bindings: { kafka: { topic: TICKETS_TOPIC, partitions: TICKETS_PARTITIONS } } },
  },
  retold: {
    address: retoldTopicOf(TICKETS_TOPIC),
    title: '重述的工单事件',
    description:
      "Every ticket's whole story once more, as it was said, when operators have it told again: for whoever begins with nothing when the log no longer has the city's first tickets.",
    ids: EVENT_NAMES.map(eventId),
    more: { bindings: { kafka: { topic: retoldTopicOf(TICKETS_TOPIC), partitions: TICKETS_PARTITIONS } } },
  },
  directory: {
    address: DIRECTORY_TOPIC,
    title: '派单目录',
    description: 'Units, matters, responsibilities and mailboxes in numbered versions; a version is in force after its marker.',
    ids: inFamily('directory'),
    more: {
      bindings: {
        kafka: { topic: DIRECTORY_TOPIC, partitions: DIRECTORY_PARTITIONS, topicConfiguration: { 'cleanup.policy': ['compact'] } },
      },
    },
  },
  assignments: {
    address: 'paidan.assignments.{unit}',
    title: '致承办单位',
    description: 'What an integrated unit is told. Only that unit may read it.',
    ids: inFamily('assignments'),
    more: ofUnit,
  },
  commands: {
    address: 'paidan.commands.{unit}',
    title: '承办单位指令',
    description: 'What an integrated unit says. Only that unit may write it: the topic is the identity. No header is needed.',
    ids: DEPARTMENT_COMMANDS.map(commandId),
    more: ofUnit,
  },
  submissions: {
    address: 'paidan.submissions.{channel}',
    title: '渠道来件',
    description: 'What a channel adapter hands in over Kafka; the same body as POST /v1/submissions. No header is needed.',
    ids: [SUBMISSION_ID],
    more: ofChannel,
  },
  receipts: {
    address: 'paidan.receipts.{channel}',
    title: '渠道回执',
    description: 'What has become of it.',
    ids: inFamily('receipts'),
    more: ofChannel,
  },
};

const operation = (
  action: 'send' | 'receive',
  service: Service,
  channel: string,
  summary: string,
  ids?: readonly string[],
): [string, Json] => [
  `${service}.${action}.${channel}`,
  {
    action,
    channel: ref('channels', channel),
    summary,
    tags: [{ name: service }],
    ...(ids === undefined ? {} : { messages: ids.map((id) => ref('channels', channel, 'messages', id)) }),
  },
];

/** What each service sends, as the maps say; who reads the log is nothing that a producer knows, so reading names no messages. */
const operations = (): Record<string, Json> => {
  const list: [string, Json][] = [];
  for (const service of SERVICES) {
    const said = EVENT_NAMES.filter((name) => EVENTS[name].service === service || EVENTS[name].service === 'any');
    list.push(operation('send', service, 'tickets', 'what it decides', said.map(eventId)));
    list.push(operation('receive', service, 'tickets', 'the whole log, of which it keeps what it has use for'));
    for (const family of ['assignments', 'receipts', 'directory'] as const) {
      const told = OUTBOUND_NAMES.filter((name) => OUTBOUND[name].service === service && OUTBOUND[name].family === family);
      if (told.length > 0) list.push(operation('send', service, family, 'what it tells', told.map(outboundId)));
    }
  }
  list.push(operation('send', 'feedback', 'retold', 'what was said, once more'));
  list.push(operation('receive', 'intake', 'submissions', 'what adapters hand in'));
  list.push(operation('receive', 'department-handler', 'commands', 'what units say'));
  return Object.fromEntries(list);
};

const schemas = (): Record<string, Json> => ({
  ...Object.fromEntries(EVENT_NAMES.map((name) => [eventId(name), plain(EVENTS[name].schema)])),
  ...Object.fromEntries(OUTBOUND_NAMES.map((name) => [outboundId(name), plain(OUTBOUND[name].schema)])),
  ...shapeSchemas(),
});

/** The AsyncAPI 3 document of all topics: from the schemas, the maps and the golden samples, nothing written twice. */
export const asyncApi = (samples: readonly Sample[]): Json => ({
  asyncapi: '3.0.0',
  id: 'urn:paidan',
  info: {
    title: 'Paidan 派单',
    version: '1.0.0',
    description:
      "What a city's citizen-appeal desk says and hears over Kafka. Messages of Paidan are CloudEvents 1.0 in Kafka binary mode; what strangers send is plain JSON.",
    license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
  },
  defaultContentType: CONTENT_TYPE,
  servers: {
    city: {
      host: 'kafka.city.example:9092',
      protocol: 'kafka',
      description: "the city's Kafka; who may write which topic is settled by its ACLs",
    },
  },
  channels: Object.fromEntries(
    Object.entries(CHANNELS).map(([name, { address, title, description, ids, more }]) => [
      name,
      { address, title, description, messages: Object.fromEntries(ids.map((id) => [id, ref('components', 'messages', id)])), ...more },
    ]),
  ),
  operations: operations(),
  components: { messages: messages(samples), schemas: schemas() },
});
