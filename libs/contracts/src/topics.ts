import { CHANNEL_ID, UNIT_CODE } from './vocabulary.js';

/** Every domain event, keyed by ticket id: each consumer reads one ticket's story in one order. */
export const TICKETS_TOPIC = 'paidan.tickets';
/** Fixed when the topic is created: another number sends a ticket's later events to another partition. A province takes 48. */
export const TICKETS_PARTITIONS = 12;
/** Where every ticket's story lies that was told again, for whoever begins with nothing when the log no longer has the first tickets. */
export const retoldTopicOf = (tickets: string): string => `${tickets}.retold`;
/** Compacted: units, matters, responsibilities and mailboxes, active from their `directory.published` marker on. */
export const DIRECTORY_TOPIC = 'paidan.directory';

/**
 * The topics of one stranger. The topic is the identity: a consumer can't see who produced, so Kafka's ACLs decide who may write where.
 */
export const TOPIC_FAMILIES = ['assignments', 'commands', 'submissions', 'receipts'] as const;
export type TopicFamily = (typeof TOPIC_FAMILIES)[number];

const topicOf =
  (family: TopicFamily, what: 'unit' | 'channel', pattern: RegExp) =>
  (id: string): string => {
    if (!pattern.test(id)) throw new RangeError(`no topic for ${what} ${JSON.stringify(id)}: it must match ${pattern.source}`);
    return `paidan.${family}.${id}`;
  };

/** What Paidan tells an integrated unit: offers, withdrawals, results of its commands. */
export const assignmentsTopic = topicOf('assignments', 'unit', UNIT_CODE);
/** What an integrated unit tells Paidan. */
export const commandsTopic = topicOf('commands', 'unit', UNIT_CODE);
/** What a channel adapter hands in over Kafka. */
export const submissionsTopic = topicOf('submissions', 'channel', CHANNEL_ID);
/** What becomes of it. */
export const receiptsTopic = topicOf('receipts', 'channel', CHANNEL_ID);

export type ParsedTopic =
  | { readonly family: 'tickets' }
  | { readonly family: 'directory' }
  | { readonly family: 'assignments' | 'commands'; readonly unit: string }
  | { readonly family: 'submissions' | 'receipts'; readonly channel: string };

const FAMILY_TOPIC = new RegExp(`^paidan\\.(${TOPIC_FAMILIES.join('|')})\\.(.*)$`);

/** Whose topic it is, or nothing when it is none of Paidan's. */
export const parseTopic = (topic: string): ParsedTopic | undefined => {
  if (topic === TICKETS_TOPIC) return { family: 'tickets' };
  if (topic === DIRECTORY_TOPIC) return { family: 'directory' };
  const [, family, id = ''] = FAMILY_TOPIC.exec(topic) ?? [];
  if ((family === 'assignments' || family === 'commands') && UNIT_CODE.test(id)) return { family, unit: id };
  if ((family === 'submissions' || family === 'receipts') && CHANNEL_ID.test(id)) return { family, channel: id };
  return undefined;
};

/** The unit that a commands or assignments topic belongs to. */
export const unitOfTopic = (topic: string): string | undefined => {
  const parsed = parseTopic(topic);
  return parsed && 'unit' in parsed ? parsed.unit : undefined;
};

/** The channel that a submissions or receipts topic belongs to. */
export const channelOfTopic = (topic: string): string | undefined => {
  const parsed = parseTopic(topic);
  return parsed && 'channel' in parsed ? parsed.channel : undefined;
};
