import type { AppealType, SubmissionV1 } from '@paidan/contracts';

/** A citizen's message as a file has it; nothing of it is checked yet, that is intake's. */
export interface Message {
  /** 1 for the first row under the heading. */
  readonly row: number;
  /** Where it begins in the file; the heading is line 1. */
  readonly line: number;
  readonly title: string;
  readonly body: string;
  /** What the city answered, where the file knows. */
  readonly reply?: string;
  readonly time?: string;
}

/** By which door a message comes in. */
export const WAYS = ['http', 'kafka'] as const;
export type Way = (typeof WAYS)[number];

/** What an adapter hands in for one message. */
export interface Appeal {
  readonly message: Message;
  readonly way: Way;
  readonly channel: string;
  readonly submission: SubmissionV1;
}

/** Channels of the example city that the play prefers; in another city any will do. */
const PREFERRED: Readonly<Record<Way, readonly string[]>> = {
  http: ['web-wenzheng', 'hotline-12345', 'wechat-mini', 'app-city'],
  kafka: ['upstream-liuyanban', 'upstream-province'],
};

/** One in so many comes over Kafka. */
const KAFKA_SHARE = 4;
/** Kafka takes no message above 1 MB; an adapter that has one goes to the door that can say so. */
const KAFKA_MOST = 250_000;

export function channelsFor(way: Way, city: readonly string[]): readonly string[] {
  const preferred = PREFERRED[way].filter((id) => city.includes(id));
  return preferred.length > 0 ? preferred : city.slice(0, 1);
}

/** @param run sets this play's external ids apart from those of earlier ones on the same system */
export function appealOf(message: Message, run: string, city: readonly string[]): Appeal {
  const { row, title, body, time } = message;
  const occurredAt = time === undefined ? undefined : instantOf(time);
  const submission: SubmissionV1 = {
    externalId: `demo-${run}-${row}`,
    appealType: appealTypeOf(title, body),
    title,
    text: body,
    contact: { accountId: `demo-citizen-${row}` },
    ...(occurredAt === undefined ? {} : { occurredAt }),
  };
  const way: Way = row % KAFKA_SHARE === 0 && Buffer.byteLength(body) + Buffer.byteLength(title) < KAFKA_MOST ? 'kafka' : 'http';
  const channels = channelsFor(way, city);
  return { message, way, channel: channels[Math.floor(row / KAFKA_SHARE) % channels.length] ?? '', submission };
}

/** What an agent of the hotline would tick, by the words of the title and then of the text. */
const SIGNS: readonly (readonly [AppealType, RegExp])[] = [
  ['report', /举报|检举/],
  ['praise', /表扬|点赞|感谢信/],
  ['consultation', /咨询|请问|如何办理|怎么办理|何时|什么时候|能否|是否|吗[？?]?$/],
  ['suggestion', /建议/],
  ['complaint', /投诉|扰民|乱收费|拖欠|无人管|违规|违法/],
];

export function appealTypeOf(title: string, body: string): AppealType {
  // A text that mentions having reported something is not itself a report: only the title makes a ticket confidential.
  const inText = SIGNS.filter(([type]) => type !== 'report');
  const found = SIGNS.find(([, sign]) => sign.test(title)) ?? inText.find(([, sign]) => sign.test(body.slice(0, 200)));
  return found?.[0] ?? 'help';
}

const LOCAL_TIME = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;

/** Time of the city's clocks as files have it, `2019/4/25 9:32:09`, as an instant; undefined where it is none. */
export function instantOf(time: string): string | undefined {
  const [, year = '', month = '', day = '', hour = '0', minute = '0', second = '0'] = LOCAL_TIME.exec(time) ?? [];
  if (year === '') return undefined;
  const two = (part: string): string => part.padStart(2, '0');
  const text = `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}`;
  const instant = new Date(`${text}+08:00`);
  if (Number.isNaN(instant.getTime())) return undefined;
  // 30 February becomes 2 March without a word.
  return new Date(instant.getTime() + 8 * 3600_000).toISOString().slice(0, 19) === text ? `${text}+08:00` : undefined;
}
