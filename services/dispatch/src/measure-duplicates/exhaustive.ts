import { comparable } from '../domain/duplicates/normalise.js';
import { pairOf, type Message } from './marked.js';

export interface Likeness {
  readonly jaccard: number;
  readonly contained: number;
}

/** Below both, a pair is not listed: there are nine million. */
const LISTED_JACCARD = 0.1;
const LISTED_CONTAINED = 0.3;

const gramsOf = (text: string): ReadonlySet<string> => {
  const grams = new Set<string>();
  for (let at = 0; at + 3 <= text.length; at++) grams.add(text.slice(at, at + 3));
  return grams;
};

/** Exactly how alike every pair of messages is, by counting: what the fingerprints only estimate, and the bands may miss. */
export function exactLikenesses(messages: readonly Message[]): ReadonlyMap<string, Likeness> {
  const grams = messages.map(({ title, text }) => gramsOf(comparable(title, text)));
  const holders = new Map<string, number[]>();
  grams.forEach((own, n) => {
    for (const gram of own) {
      const others = holders.get(gram);
      if (others === undefined) holders.set(gram, [n]);
      else others.push(n);
    }
  });
  const found = new Map<string, Likeness>();
  grams.forEach((own, n) => {
    const common = new Uint16Array(n);
    for (const gram of own)
      for (const earlier of holders.get(gram) ?? []) {
        if (earlier >= n) break;
        common[earlier] = (common[earlier] as number) + 1;
      }
    common.forEach((both, earlier) => {
      const other = (grams[earlier] as ReadonlySet<string>).size;
      const jaccard = both / (own.size + other - both);
      const contained = both / Math.min(own.size, other);
      if (both > 0 && (jaccard >= LISTED_JACCARD || contained >= LISTED_CONTAINED))
        found.set(pairOf((messages[n] as Message).id, (messages[earlier] as Message).id), { jaccard, contained });
    });
  });
  return found;
}
