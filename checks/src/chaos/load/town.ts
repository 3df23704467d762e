import { APPEAL_TYPES, type AppealType, type SubmissionV1 } from '@paidan/contracts';
import type { Appeal, Way } from '../../cast/channels/appeal.js';
import { exampleMessages } from '../../cast/channels/example-messages.js';
import { chance, pick } from '../../cast/city/chance.js';

/*
 * Who writes, and what: invented, and all of it follows from the seed and the row. Names and numbers bear marks by which they would be known wherever
 * they turn up.
 */

/** Begins every phone number of the town, and the name of each of its people; neither occurs in any text. */
export const PHONE_MARK = '1900055';
export const NAME_MARK = '闻人测';

/** One in so many comes over Kafka. */
const KAFKA_SHARE = 4;
/** Share of appeals in which somebody who has written says it once more, word for word, some appeals later. */
const SAID_AGAIN = 0.03;
const AGAIN_WITHIN = 40;
const URGENT = [
  ['critical', 0.02],
  ['urgent', 0.08],
] as const;

type Texts = readonly [string, ...string[]];
const STREETS: Texts = [
  '锦澜区澜桥街道',
  '锦澜区书香巷街道',
  '云岭区松涛坡街道',
  '云岭区雁回岭街道',
  '望川区渡云街道',
  '望川区沙洲新城街道',
  '清渡县柳河湾镇',
];
const SPOTS: Texts = ['人民路口', '菜市场东门', '小学后门', '老桥头', '公交总站旁', '三号院', '河堤步道'];
const WHEN: Texts = ['昨天夜里', '这个星期', '半个月来', '从上月底起', '每天傍晚', '今天早上'];
const ASKS: Texts = ['请尽快派人来看看。', '希望有关部门管一管。', '请给个答复。', '已经影响正常生活，请处理。'];
const MATTERS: readonly (readonly [title: string, text: string])[] = [
  ['路灯不亮', '路灯坏了，晚上一片漆黑，老人看不清路。'],
  ['井盖松动', '人行道上的井盖松动，踩上去会翘起来，很危险。'],
  ['夜间施工', '工地夜间施工，打桩声一直到凌晨，孩子睡不好。'],
  ['拖欠农民工工资', '干了三个月，拖欠农民工工资一直不发，请帮忙讨薪。'],
  ['楼道里异味刺鼻', '附近作坊排出的废气异味刺鼻，不敢开窗。'],
  ['电梯困人', '电梯故障，这个月困人三次，没有见过维保人员。'],
  ['垃圾成堆', '垃圾成堆没有人清理，环境卫生很差，苍蝇很多。'],
  ['广场舞太吵', '广场舞音响开得很大，噪音扰民，劝也不听。'],
  ['公积金怎么提取', '请问公积金提取要带哪些材料，去哪个窗口办？'],
  ['公共厕所没有水', '公共厕所已经几天没有水，没有人打扫。'],
];

/** @param run sets this run's external ids apart */
export function appealFor(seed: number, row: number, run: string, channels: Readonly<Record<Way, readonly string[]>>): Appeal {
  // What is said again is the first one's in all but its id and the way that it comes.
  const said = saidBefore(seed, row);
  const at = (what: string): number => chance(seed, what, said);
  const [title, body, appealType] = wordsFor(at);
  const way: Way = row % KAFKA_SHARE === 0 ? 'kafka' : 'http';
  const channel = channels[way][Math.floor(chance(seed, 'channel', row) * channels[way].length)] ?? '';
  const submission: SubmissionV1 = {
    externalId: `chaos-${run}-${row}`,
    appealType,
    title,
    text: `${body}（${run} 第 ${said} 件）`,
    contact: contactFor(said),
    ...urgencyFor(at('urgency')),
  };
  return { message: { row, line: row, title, body }, way, channel, submission };
}

/** The row that this one says once more, or itself. */
function saidBefore(seed: number, row: number): number {
  if (chance(seed, 'said-again', row) >= SAID_AGAIN) return row;
  const earlier = row - 1 - Math.floor(chance(seed, 'how-long-ago', row) * AGAIN_WITHIN);
  return earlier < 1 ? row : saidBefore(seed, earlier);
}

export const contactFor = (row: number): { readonly name: string; readonly phone: string; readonly accountId: string } => ({
  name: `${NAME_MARK}${String.fromCodePoint(0x4e00 + (row % 5_000))}${Math.floor(row / 5_000)}`,
  phone: `${PHONE_MARK}${String(row).padStart(6, '0')}`,
  accountId: `account-${PHONE_MARK}-${row}`,
});

/** The same id with another text: what an adapter that gives ids away twice hands in. */
export const otherThan = (submission: SubmissionV1): SubmissionV1 => ({ ...submission, text: `${submission.text}另外还有一件事。` });

function wordsFor(at: (what: string) => number): readonly [title: string, text: string, appealType: AppealType] {
  const appealType = pick(APPEAL_TYPES, at('type'));
  const kind = at('kind');
  // Some are the demo's, at length; some say nothing that anybody could place.
  if (kind < 0.2) {
    const { title, body } = exampleMessages[Math.floor(at('example') * exampleMessages.length)] ?? { title: '来信', body: '来信' };
    return [title, body, appealType];
  }
  if (kind < 0.27) return ['有件事想反映', `${pick(WHEN, at('when'))}的事，一两句说不清楚，请回电。`, appealType];
  const [title, text] = MATTERS[Math.floor(at('matter') * MATTERS.length)] ?? ['来信', '来信'];
  const place = `${pick(STREETS, at('street'))}${pick(SPOTS, at('spot'))}`;
  return [title, `${place}，${pick(WHEN, at('when'))}，${text}${pick(ASKS, at('ask'))}`, appealType];
}

function urgencyFor(share: number): Pick<SubmissionV1, 'urgency'> {
  let left = share;
  for (const [urgency, part] of URGENT) if ((left -= part) < 0) return { urgency };
  return {};
}
