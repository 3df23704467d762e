import { calibrate } from './calibration.js';
import { damped, gramWalker } from './grams.js';
import { lettersOf, type Letters } from './letters.js';
import type { TopicModel } from './model.js';
import { tellingPhrases, type Phrase } from './telling-phrases.js';
import { best } from './scores.js';

export interface Classification {
  readonly label: string;
  /** The probability of the label. */
  readonly confidence: number;
  /** Whether the confidence suffices to decide without a person. */
  readonly automatic: boolean;
  /** In the order of {@link Classifier.labels}; they sum to 1. */
  readonly probabilities: Float64Array;
}

export interface Classifier {
  readonly labels: readonly string[];
  readonly threshold: number;
  /** Any text, of any length; one without a known n-gram gets what the labels' frequencies say. */
  classify(text: string): Classification;
  /** What in the text spoke most for a label, as it stands there. */
  phrases(text: string, label: string, most?: number): readonly Phrase[];
}

const EMPTY = -1;
const { imul } = Math;

/** Where each hash lies, open-addressed and at most half full: a Map would take four times as long to ask. */
const placesOf = (hashes: Uint32Array): ((hash: number) => number) => {
  const bits = Math.max(4, Math.ceil(Math.log2(hashes.length * 2 + 1)));
  const [shift, last] = [32 - bits, 2 ** bits - 1];
  const places = new Int32Array(2 ** bits).fill(EMPTY);
  const slotOf = (hash: number): number => {
    let slot = imul(hash, 0x9e3779b1) >>> shift;
    while (places[slot] !== EMPTY && hashes[places[slot] as number] !== hash) slot = (slot + 1) & last;
    return slot;
  };
  hashes.forEach((hash, place) => (places[slotOf(hash)] = place));
  return (hash) => places[slotOf(hash)] as number;
};

/**
 * The model ready to decide: Not to be used by two at once, which nothing in one thread can do.
 */
export const classifierOf = (model: TopicModel): Classifier => {
  const { labels, hashes, lengths, weights, unit, biases } = model;
  const count = labels.length;
  const placeOf = placesOf(hashes);
  const walk = gramWalker(model.settings);
  /** How often each known n-gram is in the text at hand; 0 for all others, before and after. */
  const counts = new Float32Array(hashes.length);
  /** What one occurrence of a known n-gram in the text at hand added to a label's lead; only where `counts` is not 0. */
  const shares = new Float32Array(hashes.length);
  const margins = new Float64Array(count);
  let met = new Int32Array(1024);
  let metCount = 0;

  const visit = (hash: number, weight: number): void => {
    const place = placeOf(hash);
    if (place === EMPTY) return;
    if (counts[place] === 0) {
      if (metCount === met.length) {
        const larger = new Int32Array(met.length * 2);
        larger.set(met);
        met = larger;
      }
      met[metCount++] = place;
    }
    counts[place] = (counts[place] as number) + weight;
  };

  /** Reads the text into `counts`, `met` and `margins`. @returns what a margin of 1 is in units of the weights */
  const read = (letters: Letters): number => {
    walk(letters, visit);
    margins.fill(0);
    let squares = 0;
    for (let index = 0; index < metCount; index++) {
      const place = met[index] as number;
      const value = damped(counts[place] as number);
      const length = value * (lengths[place] as number);
      squares += length * length;
      const base = place * count;
      for (let label = 0; label < count; label++) margins[label] = (margins[label] as number) + value * (weights[base + label] as number);
    }
    const scale = squares === 0 ? 0 : unit / Math.sqrt(squares);
    for (let label = 0; label < count; label++) margins[label] = (margins[label] as number) * scale + (biases[label] as number);
    return scale;
  };
  const forget = (): void => {
    for (let index = 0; index < metCount; index++) counts[met[index] as number] = 0;
    metCount = 0;
  };

  return {
    labels,
    threshold: model.threshold,
    classify: (text) => {
      read(lettersOf(text));
      forget();
      const probabilities = calibrate(model.calibration, margins, new Float64Array(count));
      const decided = best(probabilities);
      const confidence = probabilities[decided] as number;
      return { label: labels[decided] as string, confidence, automatic: confidence >= model.threshold, probabilities };
    },
    phrases: (text, label, most = 5) => {
      const own = labels.indexOf(label);
      if (own < 0) return [];
      const letters = lettersOf(text);
      const scale = read(letters);
      for (let index = 0; index < metCount; index++) {
        const place = met[index] as number;
        let all = 0;
        for (let each = 0; each < count; each++) all += weights[place * count + each] as number;
        const mine = weights[place * count + own] as number;
        const lead = count === 1 ? mine : mine - (all - mine) / (count - 1);
        shares[place] = (lead * scale * damped(counts[place] as number)) / (counts[place] as number);
      }
      const credits = new Float64Array(letters.length);
      walk(letters, (hash, weight, at, size) => {
        const place = placeOf(hash);
        if (place === EMPTY) return;
        const each = ((shares[place] as number) * weight) / size;
        for (let letter = at; letter < at + size; letter++) credits[letter] = (credits[letter] as number) + each;
      });
      forget();
      return tellingPhrases(text, letters, credits, most);
    },
  };
};
