import type { Classifier } from './classifier.js';
import { rememberingLast } from './remember-last.js';

it('a text that is asked about twice is read once; another text, label or number of phrases is another question', () => {
  const read: string[] = [];
  const classifier: Classifier = {
    labels: ['a', 'b'],
    threshold: 0.5,
    classify: (text) => {
      read.push(text);
      return { label: 'a', confidence: 0.9, probabilities: new Float64Array([0.9, 0.1]) } as ReturnType<Classifier['classify']>;
    },
    phrases: (text, label, most) => {
      read.push(`${text} ${label} ${most ?? ''}`);
      return [];
    },
  };
  const { classify, phrases } = rememberingLast(classifier);
  for (const text of ['x', 'x', 'y', 'x']) classify(text);
  expect(read.splice(0)).toEqual(['x', 'y', 'x']);
  phrases('x', 'a', 5);
  phrases('x', 'a', 5);
  phrases('x', 'b', 5);
  phrases('x', 'b', 3);
  phrases('y', 'b', 3);
  expect(read).toEqual(['x a 5', 'x b 5', 'x b 3', 'y b 3']);
});
