/** One phrase found. Positions count the characters that are not blanks; `end` is exclusive. */
export interface Hit {
  /** Index of the phrase within its family. */
  readonly phrase: number;
  readonly start: number;
  readonly end: number;
}

export interface PhraseMatcher {
  /** The hits of each family, in order of their place. A hit inside a longer one of the same family is left out. */
  scan(text: string): readonly (readonly Hit[])[];
}

const { imul } = Math;
const SKIP = 0xffff;
const EMPTY = -1;
const MAX_KEY = 2 ** 31 - 1;
const HALF_TO_FULL = 0xfee0;

/** Citizens type Ａ７县, a7县 and A7 县 for one place: full-width forms and capitals are folded, blanks are passed over. */
const fold = (unit: number): number => {
  const half = unit >= 0xff01 && unit <= 0xff5e ? unit - HALF_TO_FULL : unit;
  return half >= 65 && half <= 90 ? half + 32 : half;
};
const BLANKS = /[\u0000-\u0020\u00a0\u2000-\u200b\u3000\ufeff]+/g;
const isBlank = (unit: number): boolean =>
  unit <= 0x20 || unit === 0xa0 || (unit >= 0x2000 && unit <= 0x200b) || unit === 0x3000 || unit === 0xfeff;

/** The text as positions of hits count it. */
export const compact = (text: string): string => text.replace(BLANKS, '');

/** The text as the matcher reads it: a phrase occurs in it exactly where its own spelling is a part of this. */
export const spelled = (text: string): string => {
  const units = compact(text);
  let spelling = '';
  for (let at = 0; at < units.length; at++) spelling += String.fromCharCode(fold(units.charCodeAt(at)));
  return spelling;
};

/** What every matcher begins with, looked at once: 65,536 characters take a millisecond. */
const BLANK_CLASSES = Uint16Array.from({ length: 0x10000 }, (_, unit) => (isBlank(unit) ? SKIP : 0));
const FOLDED = [...BLANK_CLASSES.keys()].filter((unit) => fold(unit) !== unit);

/** Transitions in an open-addressed table: 5,100 states by 1,100 characters would take 23 MB as a dense one, and both grow. */
const transitionTable = (edges: ReadonlyMap<number, number>) => {
  const size = 2 ** Math.ceil(Math.log2(Math.max(edges.size * 2, 16)));
  const shift = 32 - Math.log2(size);
  const keys = new Int32Array(size).fill(EMPTY);
  const targets = new Int32Array(size);
  const slotOf = (key: number): number => {
    let slot = imul(key, 0x9e3779b1) >>> shift;
    while (keys[slot] !== key && keys[slot] !== EMPTY) slot = (slot + 1) & (size - 1);
    return slot;
  };
  for (const [key, target] of edges) {
    const slot = slotOf(key);
    keys[slot] = key;
    targets[slot] = target;
  }
  return (key: number): number => {
    const slot = slotOf(key);
    return keys[slot] === EMPTY ? EMPTY : (targets[slot] as number);
  };
};

/**
 * Aho–Corasick over several families of phrases at once: one pass over the text, whatever the number of phrases. Families don't hide each
 * other's hits: 教育局 is a word of a matter and the name of a unit, and counts as both.
 */
export const buildMatcher = (families: readonly (readonly string[])[]): PhraseMatcher => {
  const classes = BLANK_CLASSES.slice();
  let classCount = 1;
  const classesOf = (phrase: string): number[] => {
    const list: number[] = [];
    for (let at = 0; at < phrase.length; at++) {
      const folded = fold(phrase.charCodeAt(at));
      if (classes[folded] === 0) classes[folded] = classCount++;
      if (classes[folded] !== SKIP) list.push(classes[folded] as number);
    }
    return list;
  };
  const spelled = families.map((phrases) => phrases.map(classesOf));
  for (const unit of FOLDED) if (classes[unit] === 0) classes[unit] = classes[fold(unit)] as number;

  const edges = new Map<number, number>();
  const states: { parent: number; via: number; depth: number }[] = [{ parent: 0, via: 0, depth: 0 }];
  const ends: [family: number, state: number, phrase: number][] = [];
  spelled.forEach((phrases, family) =>
    phrases.forEach((spelling, phrase) => {
      let state = 0;
      for (const via of spelling) {
        const key = state * classCount + via;
        let next = edges.get(key);
        if (next === undefined) {
          next = states.push({ parent: state, via, depth: (states[state]?.depth ?? 0) + 1 }) - 1;
          edges.set(key, next);
        }
        state = next;
      }
      if (state !== 0) ends.push([family, state, phrase]);
    }),
  );

  if (states.length * classCount > MAX_KEY)
    throw new RangeError(`${states.length} states over ${classCount} characters are too many phrases`);
  const step = transitionTable(edges);
  // Most characters of a message lead back to the root.
  const fromRoot = Int32Array.from({ length: classCount }, (_, via) => edges.get(via) ?? 0);
  const fail = new Int32Array(states.length);
  const found = families.map(() => new Int32Array(states.length).fill(EMPTY));
  for (const [family, state, phrase] of ends) (found[family] as Int32Array)[state] = phrase;
  const byDepth = states.map((_, state) => state).sort((a, b) => (states[a]?.depth ?? 0) - (states[b]?.depth ?? 0));
  for (const state of byDepth.slice(1)) {
    const { parent, via } = states[state] as (typeof states)[number];
    let at = parent;
    let next = EMPTY;
    while (at !== 0 && next === EMPTY) {
      at = fail[at] as number;
      next = step(at * classCount + via);
    }
    fail[state] = next === EMPTY ? 0 : next;
    // Only the longest phrase that ends here is kept: the shorter ones lie inside it.
    for (const own of found) if (own[state] === EMPTY) own[state] = own[fail[state] as number] as number;
  }
  const ending = Uint8Array.from(states, (_, state) => (found.some((own) => own[state] !== EMPTY) ? 1 : 0));
  const lengths = spelled.map((phrases) => phrases.map((spelling) => spelling.length));

  const scan = (text: string): readonly (readonly Hit[])[] => {
    const hits: Hit[][] = families.map(() => []);
    let state = 0;
    let position = 0;
    for (let at = 0; at < text.length; at++) {
      const via = classes[text.charCodeAt(at)] as number;
      if (via === SKIP) continue;
      position++;
      if (via === 0) {
        state = 0;
        continue;
      }
      let next = EMPTY;
      while (state !== 0 && (next = step(state * classCount + via)) === EMPTY) state = fail[state] as number;
      state = state === 0 ? (fromRoot[via] as number) : next;
      if (ending[state] === 0) continue;
      for (let family = 0; family < found.length; family++) {
        const phrase = (found[family] as Int32Array)[state] as number;
        if (phrase === EMPTY) continue;
        const list = hits[family] as Hit[];
        const start = position - ((lengths[family] as number[])[phrase] as number);
        while (list.length > 0 && (list.at(-1) as Hit).start >= start) list.pop();
        list.push({ phrase, start, end: position });
      }
    }
    return hits;
  };
  return { scan };
};
