import { someMessages } from '../domain/classifier/messages.kit.js';
import { dispatchError } from '../errors.js';
import { readOptions } from './options.js';
import { reportOf } from './report.js';
import { requireNoWorse, speedOf, train, type Table } from './run.js';
import { splitRows } from './split.js';

const table = (name: string, count: number, seed: number, change: (label: string) => string = (label) => label): Table => ({
  name,
  rows: someMessages(count, seed).map(({ label, text }, at) => ({ label: change(label), text, line: at + 2 })),
});
const data = table('data.csv', 240, 1);
const codeOf = (act: () => unknown): string => {
  try {
    act();
    return 'done';
  } catch (error) {
    if (!dispatchError.is(error)) throw error;
    return error.code;
  }
};
const { stored, figures, texts } = train({ data, seed: 1 });

describe('a training run', () => {
  it('holds a part of the messages back, and tells what the model does on it', () => {
    expect(figures.test.messages).toBeGreaterThan(30);
    expect(figures.test.messages + figures.training).toBe(240);
    expect(figures.test.macroF1).toBeGreaterThan(0.9);
    expect(stored.record).toMatchObject({ seed: 1, messages: figures.training, test: figures.test });
    const report = reportOf(figures, { messagesPerSecond: 7_123, explainedPerSecond: 3_456 });
    for (const { label } of figures.test.labels) expect(report).toContain(label);
    expect(report).toContain('7123 messages/s on one core, 3456 with');
    expect(report).toContain(`macro-F1 ${figures.test.macroF1.toFixed(4)}`);
  });

  it('learns the same model again from the same data and seed, and another one from other data', () => {
    const again = train({ data, seed: 1 });
    expect(again.stored).toEqual(stored);
    expect(train({ data: table('other.csv', 240, 9), seed: 1 }).stored.record.dataHash).not.toBe(stored.record.dataHash);
  });

  it('measures how fast the model decides', () => {
    const { messagesPerSecond, explainedPerSecond } = speedOf(stored, texts);
    expect(messagesPerSecond).toBeGreaterThan(explainedPerSecond);
    expect(explainedPerSecond).toBeGreaterThan(0);
  });

  it('scores on a file of its own when there is one', () => {
    const test = table('test.csv', 60, 2);
    expect(train({ data, test, seed: 1 }).figures.test.messages).toBe(60);
  });

  it('refuses labels that the training data does not have', () => {
    const strange = table('test.csv', 30, 2, () => '外星');
    expect(codeOf(() => train({ data, test: strange, seed: 1 }))).toBe('label-unknown');
    expect(codeOf(() => train({ data, corrections: strange, seed: 1 }))).toBe('label-unknown');
  });

  it('refuses data that nothing can be learnt from', () => {
    expect(codeOf(() => train({ data: table('few.csv', 12, 1), seed: 1 }))).toBe('too-few-messages');
    expect(codeOf(() => train({ data: table('one.csv', 60, 1, () => '公交'), seed: 1 }))).toBe('too-few-messages');
  });
});

describe('against an older model', () => {
  it('one that does worse on the same test side is refused', () => {
    const against = { name: 'old.model', stored };
    const wrong = table('corrections.csv', 240, 7, (label) => ({ 公交: '污染', 污染: '学校', 学校: '公交' })[label] ?? label);
    const worse = train({ data, corrections: wrong, against, seed: 1 }).figures;
    expect(worse.against).toEqual({ name: 'old.model', macroF1: figures.test.macroF1 });
    expect(worse.test.macroF1).toBeLessThan(figures.test.macroF1);
    expect(codeOf(() => requireNoWorse(worse))).toBe('model-worse');
  });

  it('one that does as well is not', () => {
    const same = train({ data, against: { name: 'old.model', stored }, seed: 1 }).figures;
    expect(codeOf(() => requireNoWorse(same))).toBe('done');
    expect(codeOf(() => requireNoWorse(figures))).toBe('done');
  });
});

describe('the split', () => {
  const long = (at: number) =>
    `第一小学门口的红绿灯坏了很久没有人修理孩子们过马路十分危险请尽快安排人来${'甲乙丙丁戊己庚辛壬癸'[at] ?? ''}处理一下谢谢`;

  it('is the same with and without corrections, and learns none that the test side nearly has', () => {
    const bare = splitRows(data.rows, undefined, [], 1);
    const echo = bare.test.map(({ label, text }, at) => ({ label, text: `${text}！`, line: at + 2 }));
    const corrected = splitRows(data.rows, undefined, echo, 1);
    expect(corrected.test).toEqual(bare.test);
    expect(corrected.training).toEqual(bare.training);
    expect(corrected.leftOut).toBe(echo.length);
  });

  it('learns nothing from rows that a file given for testing nearly has', () => {
    const twins = Array.from({ length: 4 }, (_, at) => ({ label: '公交', text: long(at), line: 500 + at }));
    const split = splitRows([...data.rows, ...twins], [{ label: '公交', text: long(9), line: 2 }], [], 1);
    expect(split.test).toHaveLength(1);
    expect(split.training).toHaveLength(240);
    expect(split.leftOut).toBe(4);
  });
});

describe('a call', () => {
  it('has a data file and a seed that is a number', () => {
    expect(readOptions(['--data', 'a.csv'])).toMatchObject({ data: 'a.csv', seed: 1, json: false });
    expect(readOptions(['--help'])).toBeUndefined();
    for (const args of [[], ['--data', 'a', '--seed', '-1'], ['--data', 'a', '--nonsense']])
      expect(readOptions(args)).toHaveProperty('misuse');
  });
});
