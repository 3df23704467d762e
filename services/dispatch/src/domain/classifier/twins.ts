import { lettersOf } from './letters.js';

/** Characters that hardly any Chinese text is without. Segmented texts have dropped the words that consist of them. */
const STOP = new Set(
  [...'的了是在和与及有我你您他她它们这那个就也都不没对于把被给让从到向为以之其而且但或要会能可很更最还又再说着过吗呢吧啊'].map((c) =>
    c.charCodeAt(0),
  ),
);
/** Letters of a shingle: long enough that few of them are common phrases, short enough that some survive between two dropped words. */
const SHINGLE = 5;
/** A message that shares this part of its shingles with another one is its twin. */
const CONTAINED = 0.2;
/** Fewer shared shingles than this are a phrase, not a text. */
const LEAST_SHARED = 6;
/** Each message is compared with so many others per shingle: all there are, but for phrases and bursts of one text, and those are chains. */
const NEIGHBOURS = 8;
const ROWS = 2 ** 21;

const { imul } = Math;

const shinglesOf = (text: string, row: number, into: number[]): void => {
  const { units, length } = lettersOf(text);
  const kept = units.subarray(0, length).filter((unit) => !STOP.has(unit));
  for (let at = 0; at + SHINGLE <= kept.length; at++) {
    let hash = 0;
    for (let next = at; next < at + SHINGLE; next++) hash = imul(hash ^ (kept[next] as number), 0x9e3779b1) ^ (hash >>> 15);
    into.push((hash >>> 0) * ROWS + row);
  }
};

/**
 * Messages that are one text in two forms, or nearly the same text: a message and its twin on two sides of a split would make a model look
 * better than it is. Compared by containment, because a segmented text lacks the words of its raw form.
 * @returns for each message the number of its group
 */
export const groupTwins = (texts: readonly string[]): Int32Array => {
  const all: number[] = [];
  texts.forEach((text, row) => shinglesOf(text, row, all));
  const keys = Float64Array.from(new Set(all)).sort();
  const shingle = (at: number): number => Math.floor((keys[at] as number) / ROWS);
  const rowAt = Int32Array.from(keys, (key) => key % ROWS);

  const sizes = new Int32Array(texts.length);
  for (const row of rowAt) sizes[row] = (sizes[row] as number) + 1;
  const ends = new Int32Array(texts.length);
  let end = 0;
  sizes.forEach((size, row) => (ends[row] = end += size));
  const places = new Int32Array(keys.length);
  const free = ends.map((at, row) => at - (sizes[row] as number));
  rowAt.forEach((row, at) => (places[(free[row] = (free[row] as number) + 1) - 1] = at));

  const above = Int32Array.from(texts, (_, row) => row);
  const groupOf = (row: number): number => {
    let at = row;
    while (above[at] !== at) at = above[at] = above[above[at] as number] as number;
    return at;
  };
  const shared = new Int32Array(texts.length);
  for (let row = 0; row < texts.length; row++) {
    const met: number[] = [];
    for (let place = (ends[row] as number) - (sizes[row] as number); place < (ends[row] as number); place++) {
      const at = places[place] as number;
      for (let next = at + 1; next <= at + NEIGHBOURS && next < keys.length && shingle(next) === shingle(at); next++) {
        const other = rowAt[next] as number;
        if (shared[other] === 0) met.push(other);
        shared[other] = (shared[other] as number) + 1;
      }
    }
    for (const other of met) {
      const count = shared[other] as number;
      shared[other] = 0;
      const smaller = Math.min(sizes[row] as number, sizes[other] as number);
      if (count >= Math.min(LEAST_SHARED, smaller) && count >= CONTAINED * smaller) above[groupOf(row)] = groupOf(other);
    }
  }
  return Int32Array.from(texts, (_, row) => groupOf(row));
};
