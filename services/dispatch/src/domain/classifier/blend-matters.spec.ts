import { indexDirectory } from '../routing/directory.js';
import { scoreMatters } from '../routing/matter-scores.js';
import { SMALL_CITY } from '../routing/small-city.kit.js';
import { matterBlender } from './blend-matters.js';

const directory = indexDirectory(SMALL_CITY);
const LABELS = ['水电', '市容'];
const CODES = new Map([
  ['水电', ['03']],
  ['市容', ['0101', '0102']],
]);
const ranked = (text: string) => scoreMatters(directory, [], directory.matcher.scan(text)[0] ?? []);
const codes = (list: ReturnType<typeof ranked>): string[] => list.map(({ matter }) => matter.code);
const blend = matterBlender(directory.matters, LABELS, CODES);

describe('matters with the model’s topic', () => {
  const both = ranked('流动摊贩，停水');

  it('go to the topic that the model is sure of', () => {
    expect(codes(blend(both, [0.99, 0.01]))[0]).toBe('0301');
    expect(codes(blend(both, [0.01, 0.99]))[0]).toBe('0101');
  });

  it('keep their scores on average: certainty raises as much as exclusion lowers', () => {
    const [score] = ranked('停水').map((each) => each.score);
    expect(blend(ranked('停水'), [1, 0])[0]?.score).toBeCloseTo((score as number) * 1.3);
    expect(blend(ranked('停水'), [0, 1])[0]?.score).toBeCloseTo((score as number) * 0.7);
  });

  it('are left alone where no label stands for them, whatever the model thinks', () => {
    const [neighbours] = ranked('邻里纠纷');
    for (const probabilities of [
      [1, 0],
      [0, 1],
    ])
      expect(blend(ranked('邻里纠纷'), probabilities)[0]).toEqual(neighbours);
  });

  it('are no others than those that words speak for', () => {
    expect(blend(ranked('没有一个词'), [1, 0])).toEqual([]);
    expect(codes(blend(both, [0.5, 0.5])).sort()).toEqual(codes(both).sort());
  });
});
