import fc from 'fast-check';
import { classifierOf } from './domain/classifier/classifier.js';
import { learn } from './domain/classifier/learn.js';
import { eachAlone, LABELS, someMessages } from './domain/classifier/messages.kit.js';
import { dispatchError } from './errors.js';
import { decodeModel, encodeModel, type StoredModel } from './model-file.js';

const messages = someMessages(150, 5);
const { model, crossValidation } = learn(messages, LABELS, eachAlone(messages), 5);
const stored: StoredModel = { model, record: { dataHash: 'ab', messages: 150, seed: 5, crossValidation, test: crossValidation } };
const bytes = encodeModel(stored);
const codeOf = (changed: Uint8Array): string => {
  try {
    decodeModel(changed, 'topics.model');
    return 'read';
  } catch (error) {
    if (!dispatchError.is(error)) throw error;
    expect(error.message).toContain('topics.model');
    return error.code;
  }
};
const headingEnd = bytes.indexOf(0x0a) + 1;
const withHeading = (change: (heading: Record<string, unknown>) => Record<string, unknown>): Uint8Array => {
  const heading = JSON.parse(Buffer.from(bytes.subarray(0, headingEnd)).toString()) as Record<string, unknown>;
  return Buffer.concat([Buffer.from(`${JSON.stringify(change(heading))}\n`), bytes.subarray(headingEnd)]);
};

describe('the file of a model', () => {
  it('gives back the model that was written, which decides the same', () => {
    const read = decodeModel(bytes, 'topics.model');
    expect(read).toEqual(stored);
    const [before, after] = [classifierOf(model), classifierOf(read.model)];
    fc.assert(
      fc.property(fc.constantFrom(...someMessages(60, 6).map(({ text }) => text)), fc.string(), (text, more) => {
        expect(after.classify(text + more)).toEqual(before.classify(text + more));
      }),
    );
  });

  it('is read wherever its bytes lie', () => {
    const moved = Buffer.concat([Buffer.from('x'), bytes]).subarray(1);
    expect(decodeModel(moved, 'topics.model')).toEqual(stored);
  });

  it('that is cut short is named so, wherever it ends', () => {
    for (const end of [headingEnd, headingEnd + 1, Math.floor(bytes.length / 2), bytes.length - 1])
      expect(codeOf(bytes.subarray(0, end))).toBe('model-cut-short');
    for (const end of [0, 1, headingEnd - 2]) expect(codeOf(bytes.subarray(0, end))).toBe('model-unreadable');
  });

  it('of another version is named so', () => {
    expect(codeOf(withHeading((heading) => ({ ...heading, version: 2 })))).toBe('model-version-unknown');
  });

  it('that was changed anywhere is never read', () => {
    fc.assert(
      fc.property(fc.integer({ min: headingEnd, max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const changed = Uint8Array.from(bytes);
        changed[at] = (changed[at] as number) ^ by;
        expect(codeOf(changed)).toBe('model-damaged');
      }),
    );
    expect(codeOf(Buffer.concat([bytes, Buffer.from(' ')]))).toBe('model-damaged');
    expect(codeOf(withHeading((heading) => ({ ...heading, sha256: '00' })))).toBe('model-damaged');
  });

  it.each(['', 'label,text\n', 'null\n', '{}\n', '[1]\n'])('that is another file is named so: %j', (text) => {
    expect(codeOf(Buffer.from(text))).toBe('model-unreadable');
  });

  it('whose parts don’t fit each other is not read', () => {
    expect(codeOf(encodeModel({ ...stored, model: { ...model, biases: [0] } }))).toBe('model-damaged');
  });
});
