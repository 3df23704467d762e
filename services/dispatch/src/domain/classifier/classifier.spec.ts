import fc from 'fast-check';
import { classifierOf } from './classifier.js';
import { chooseThreshold, learn } from './learn.js';
import { eachAlone, LABELS, someMessages } from './messages.kit.js';

const TRAINING = someMessages(300, 1);
const learnt = learn(TRAINING, LABELS, eachAlone(TRAINING), 1);
const classifier = classifierOf(learnt.model);
/** Any sequence of code units, lone surrogates among them. */
const anyText = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 400 }).map((units) => String.fromCharCode(...units));
const mixedText = fc
  .array(fc.oneof(anyText, fc.constantFrom(...TRAINING.slice(0, 30).map(({ text }) => text))), { maxLength: 5 })
  .map((parts) => parts.join(''));

describe('a model of topics', () => {
  it('tells messages apart that it was not shown', () => {
    const others = someMessages(120, 2);
    const right = others.filter(({ label, text }) => classifier.classify(text).label === label);
    expect(right.length).toBeGreaterThan(115);
    expect(learnt.crossValidation.macroF1).toBeGreaterThan(0.95);
  });

  it('is the same for the same messages and seed, and decides what is like them another way for others', () => {
    expect(learn(TRAINING, LABELS, eachAlone(TRAINING), 1)).toEqual(learnt);
    const swapped = TRAINING.map(({ label, text }) => ({ text, label: LABELS[(LABELS.indexOf(label) + 1) % LABELS.length] as string }));
    const other = classifierOf(learn(swapped, LABELS, eachAlone(swapped), 1).model);
    expect(other.classify('河水发黑发臭').label).not.toBe(classifier.classify('河水发黑发臭').label);
  });

  it('reads a text with blanks, digits, punctuation and full-width letters as it reads it without', () => {
    const plain = classifier.classify('希望增设公交站点ktv');
    expect(classifier.classify(' 希望　增设 公交， 站点 12！ＫＴＶ')).toEqual(plain);
  });

  it('is surer of what says more, and not sure of what says nothing', () => {
    expect(classifier.classify('公交车半小时才来一班，末班车太早').confidence).toBeGreaterThan(0.9);
    expect(classifier.classify('谢谢').confidence).toBeLessThan(0.75);
    expect(classifier.classify('').automatic).toBe(false);
  });

  it('names what spoke for a label as it stands in the text', () => {
    const text = '尊敬的领导您好，希望 增设 公交 站点，谢谢';
    const phrases = classifier.phrases(text, '公交');
    expect(phrases.length).toBeGreaterThan(0);
    expect(phrases[0]?.text).toMatch(/公交/);
    for (const phrase of phrases) expect(text).toContain(phrase.text);
    expect(classifier.phrases(text, '没有的标签')).toEqual([]);
  });
});

describe('any text', () => {
  it('gets probabilities that sum to 1, the same each time, and phrases that stand in it', () => {
    fc.assert(
      fc.property(mixedText, (text) => {
        const first = classifier.classify(text);
        expect(first.probabilities.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 9);
        expect(first.confidence).toBe(Math.max(...first.probabilities));
        for (const phrase of classifier.phrases(text, first.label)) expect(text.includes(phrase.text)).toBe(true);
        expect(classifier.classify(text)).toEqual(first);
      }),
    );
  });

  it.each(['\ud83d', '河水发黑发臭，', '一二三四五六七八九十'])('of 100 KB is read at once: %j', (part) => {
    const text = part.repeat(Math.ceil(100_000 / part.length));
    const start = process.cpuUsage();
    const { label, probabilities } = classifier.classify(text);
    classifier.phrases(text, label);
    // The bound only catches what is no longer linear, on a machine that others use too.
    expect(process.cpuUsage(start).user / 1_000).toBeLessThan(1_000);
    expect(probabilities.every(Number.isFinite)).toBe(true);
  });
});

describe('the automatic threshold', () => {
  const judged = (...each: [confidence: number, right: boolean][]) => each.map(([confidence, right]) => ({ confidence, right }));
  const aim = { precision: 0.75, reserve: 0 };

  it('is the lowest at which enough is right', () => {
    expect(chooseThreshold(judged([0.9, true], [0.8, true], [0.7, true], [0.6, false], [0.5, false]), aim)).toBe(0.6);
  });

  it('takes decisions of one confidence together', () => {
    expect(chooseThreshold(judged([0.9, true], [0.8, true], [0.8, false], [0.8, false]), aim)).toBe(0.9);
  });

  it('is one that nothing reaches where nothing is good enough', () => {
    expect(chooseThreshold(judged([0.9, false], [0.8, true]), aim)).toBeGreaterThan(1);
    expect(chooseThreshold([], aim)).toBeGreaterThan(1);
  });
});
