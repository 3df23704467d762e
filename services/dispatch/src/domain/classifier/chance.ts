const { imul } = Math;

/** Numbers from 0 up to 1, always the same ones for a seed (mulberry32). */
export const chanceOf = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** Puts a list in an order of the chance, in place (Fisher and Yates). */
export const shuffle = <List extends { [index: number]: unknown; readonly length: number }>(list: List, chance: () => number): List => {
  for (let at = list.length - 1; at > 0; at--) {
    const other = Math.floor(chance() * (at + 1));
    [list[at], list[other]] = [list[other], list[at]];
  }
  return list;
};
