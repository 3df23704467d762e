import { chanceOf } from './chance.js';
import type { LabelledText } from './learn.js';

/** What the messages of three invented topics are made of. */
const TOPICS: Readonly<Record<string, readonly string[]>> = {
  公交: [
    '公交车半小时才来一班',
    '希望增设公交站点',
    '末班车太早',
    '司机到站不停',
    '线路绕行太远',
    '站牌没有雨棚',
    '刷卡机坏了',
    '早高峰挤不上车',
  ],
  污染: [
    '工厂夜里排放黑烟',
    '河水发黑发臭',
    '刺鼻气味飘进家里',
    '污水直接排进农田',
    '烟囱冒着浓烟',
    '废气熏得开不了窗',
    '鱼塘里的鱼死了',
    '粉尘落满阳台',
  ],
  学校: [
    '孩子入学名额不够',
    '老师在外面补课收费',
    '食堂饭菜不新鲜',
    '学区划分不合理',
    '作业太多睡眠不足',
    '学费突然上涨',
    '转学手续怎么办理',
    '教室没有空调',
  ],
};
const EVERYWHERE = [
  '尊敬的领导您好',
  '我们是附近的居民',
  '多次反映没有结果',
  '希望尽快处理',
  '给生活带来很大不便',
  '谢谢',
  '请给一个答复',
  '已经半年了',
];

export const LABELS: readonly string[] = Object.keys(TOPICS);

const FILLER_LETTERS = 14;

/** Messages that can be told apart by half of their sentences; between them stand letters by chance, or all of them would be twins. */
export const someMessages = (count: number, seed: number): readonly LabelledText[] => {
  const chance = chanceOf(seed);
  const one = (list: readonly string[]): string => list[Math.floor(chance() * list.length)] as string;
  const filler = (): string => String.fromCharCode(...Array.from({ length: FILLER_LETTERS }, () => 0x4e00 + Math.floor(chance() * 4_000)));
  return Array.from({ length: count }, (_, at) => {
    const label = LABELS[at % LABELS.length] as string;
    const own = TOPICS[label] as readonly string[];
    const sentences = [one(own), one(EVERYWHERE), one(own), one(EVERYWHERE), `第${String(at)}号`].flatMap((sentence) => [
      sentence,
      filler(),
    ]);
    return { label, text: sentences.join('，') };
  });
};

/** No two of them are taken for one. */
export const eachAlone = (messages: readonly unknown[]): Int32Array => Int32Array.from(messages, (_, at) => at);
