import fc from 'fast-check';
import { cyclesOf } from './tree.js';

const NODES = [...'abcdefghij'];
/** Every node with a parent among the others, itself or nobody the tree knows. */
const parents = fc
  .tuple(...NODES.map(() => fc.option(fc.constantFrom(...NODES, 'elsewhere'), { nil: undefined, freq: 3 })))
  .map((above) => new Map(NODES.map((node, at) => [node, above[at]])));

const isAboveItself = (tree: ReadonlyMap<string, string | undefined>, node: string): boolean => {
  let at = tree.get(node);
  for (let steps = 0; at !== undefined && steps < NODES.length; steps++, at = tree.get(at)) if (at === node) return true;
  return false;
};

describe('cycles of a tree', () => {
  it('are told from a member round to it again', () => {
    const tree = new Map([
      ['city', undefined],
      ['police', 'traffic'],
      ['traffic', 'squad'],
      ['squad', 'police'],
      ['desk', 'desk'],
      ['post', 'squad'],
    ]);
    expect(cyclesOf(tree)).toEqual([
      ['police', 'traffic', 'squad', 'police'],
      ['desk', 'desk'],
    ]);
  });

  it('are all named, once each, and nothing else is', () => {
    fc.assert(
      fc.property(parents, (tree) => {
        const cycles = cyclesOf(tree);
        for (const cycle of cycles) {
          expect(cycle.at(-1)).toBe(cycle[0]);
          cycle.slice(0, -1).forEach((node, at) => expect(tree.get(node)).toBe(cycle[at + 1]));
        }
        const named = cycles.flatMap((cycle) => cycle.slice(1));
        expect([...named].sort()).toEqual(NODES.filter((node) => isAboveItself(tree, node)));
      }),
    );
  });

  it('are looked for in one pass: a line of 100,000 is no matter', () => {
    const line = new Map(Array.from({ length: 100_000 }, (_, at) => [`u${at}`, at === 0 ? undefined : `u${at - 1}`]));
    expect(cyclesOf(line)).toEqual([]);
    expect(cyclesOf(new Map([...line, ['u0', 'u99999']]))[0]).toHaveLength(100_001);
  });
});
