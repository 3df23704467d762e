import type { Classification, Classifier } from './classifier.js';

type Phrases = ReturnType<Classifier['phrases']>;

/** A classifier that is asked twice about each text, one time after the other, and reads it once. */
export const rememberingLast = (classifier: Classifier): Classifier => {
  let known: { readonly text: string; readonly answer: Classification } | undefined;
  let weighed: { readonly of: string; readonly phrases: Phrases } | undefined;
  return {
    labels: classifier.labels,
    threshold: classifier.threshold,
    classify: (text) => {
      if (known?.text !== text) known = { text, answer: classifier.classify(text) };
      return known.answer;
    },
    phrases: (text, label, most) => {
      const of = `${label}\n${most ?? ''}\n${text}`;
      if (weighed?.of !== of) weighed = { of, phrases: classifier.phrases(text, label, most) };
      return weighed.phrases;
    },
  };
};
