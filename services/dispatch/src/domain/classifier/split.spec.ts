import fc from 'fast-check';
import { dealFolds } from './folds.js';
import { someMessages } from './messages.kit.js';
import { groupTwins } from './twins.js';

const RAW =
  '尊敬的领导您好，我是这个小区的居民，楼下的烧烤店每天晚上营业到凌晨两点，油烟和噪音让老人孩子都睡不好觉，我们多次打电话反映都没有结果，请你们尽快派人来处理。';
const SEGMENTED =
  '尊敬 领导 小区 居民 楼下 烧烤店 每天 晚上 营业 凌晨 两点 油烟 噪音 老人 孩子 睡不好 觉 多次 打电话 反映 结果 尽快 派人 处理';
const OTHER = '请问居住证到期以后在哪里办理续签，需要带哪些材料，办理时间是工作日还是周末也可以，谢谢答复。';

describe('twins', () => {
  it('are a text and its segmented form, and nearly the same texts', () => {
    const [raw, segmented, other, again] = groupTwins([RAW, SEGMENTED, OTHER, `${OTHER}盼复！`]);
    expect(segmented).toBe(raw);
    expect(again).toBe(other);
    expect(other).not.toBe(raw);
  });

  it('are found in a burst of one text', () => {
    const burst = Array.from({ length: 60 }, (_, at) => `${RAW}第${String(at)}次`);
    expect(new Set(groupTwins([...burst, OTHER])).size).toBe(2);
  });

  it('are not texts that share a phrase, or have no letters', () => {
    expect(
      new Set(groupTwins([`尊敬的领导您好，${OTHER}`, '尊敬的领导您好，门口的路灯坏了半个月没有人来修', '', '12345', '，。'])).size,
    ).toBe(5);
  });
});

describe('folds', () => {
  it('have every label in its part, and each group whole', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 60, maxLength: 120 }),
        fc.integer({ min: 0, max: 99 }),
        (groups, seed) => {
          const labels = groups.map((group) => group % 3);
          const folds = dealFolds(labels, groups, 4, seed);
          const foldOf = new Map(groups.map((group, row) => [group, folds[row]]));
          groups.forEach((group, row) => expect(folds[row]).toBe(foldOf.get(group)));
          expect(dealFolds(labels, groups, 4, seed)).toEqual(folds);
        },
      ),
    );
    const messages = someMessages(300, 3);
    const labels = messages.map(({ label }) => label.charCodeAt(0));
    const folds = dealFolds(
      labels,
      Int32Array.from(messages, (_, at) => at),
      5,
      1,
    );
    for (const label of new Set(labels))
      expect([0, 1, 2, 3, 4].map((fold) => labels.filter((own, row) => own === label && folds[row] === fold).length)).toEqual([
        20, 20, 20, 20, 20,
      ]);
  });

  it('are others for another seed', () => {
    const [labels, groups] = [Array.from({ length: 50 }, () => 0), Array.from({ length: 50 }, (_, at) => at)];
    expect(dealFolds(labels, groups, 5, 1)).not.toEqual(dealFolds(labels, groups, 5, 2));
  });
});
