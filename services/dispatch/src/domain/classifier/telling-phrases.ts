import type { Letters } from './letters.js';

/** A run of letters that spoke for a label. */
export interface Phrase {
  /** As it stands in the text. */
  readonly text: string;
  /** What it added to the label's lead over the mean of the others, all its occurrences together. */
  readonly weight: number;
}

/** Letters that spoke for the label less than this part of what the strongest did are no part of a phrase. */
const LEAST_PART = 0.2;
/** A phrase is to be read, not the message again. */
const MOST_LETTERS = 12;
const BLANKS = /^[\s\u200b]*$/u;

/**
 * The maximal runs of letters with credit, strongest first. Blanks may lie inside of one, as segmented texts have them; anything else ends it.
 * @param credits what each letter added
 */
export const tellingPhrases = (text: string, { places, length }: Letters, credits: Float64Array, most: number): readonly Phrase[] => {
  let strongest = 0;
  for (const credit of credits) if (credit > strongest) strongest = credit;
  if (strongest === 0) return [];
  const found = new Map<string, number>();
  const counts = (at: number): boolean => at < length && (credits[at] as number) >= LEAST_PART * strongest;
  const follows = (at: number): boolean => {
    const [last, next] = [places[at - 1] as number, places[at] as number];
    return next === last + 1 || (next - last < 8 && BLANKS.test(text.slice(last + 1, next)));
  };
  for (let at = 0; at < length; at++) {
    if (!counts(at)) continue;
    const start = at;
    let weight = credits[at] as number;
    while (counts(at + 1) && follows(at + 1) && at + 1 - start < MOST_LETTERS) weight += credits[++at] as number;
    if (at === start) continue;
    const phrase = text.slice(places[start], (places[at] as number) + 1);
    found.set(phrase, (found.get(phrase) ?? 0) + weight);
  }
  return [...found]
    .map(([phrase, weight]) => ({ text: phrase, weight }))
    .sort((a, b) => b.weight - a.weight || (a.text < b.text ? -1 : 1))
    .slice(0, most);
};
