/**
 * Every cycle of a tree in the making, from its first member in order of the map round to it again: `a, b, a` where each is under the next. Nothing has
 * two parents, so each is in one cycle at most; parents that are not in the map end a line.
 */
export const cyclesOf = (parents: ReadonlyMap<string, string | undefined>): readonly (readonly string[])[] => {
  const cycles: string[][] = [];
  /** By which walk a node was passed first. */
  const passed = new Map<string, string>();
  for (const start of parents.keys()) {
    let at: string | undefined = start;
    while (at !== undefined && parents.has(at) && !passed.has(at)) {
      passed.set(at, start);
      at = parents.get(at);
    }
    if (at === undefined || passed.get(at) !== start) continue;
    const cycle = [at];
    for (let next = parents.get(at); next !== undefined && next !== at; next = parents.get(next)) cycle.push(next);
    cycles.push([...cycle, at]);
  }
  return cycles;
};
