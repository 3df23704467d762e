import Flatbush from 'flatbush';
import type { Polygon, Position, Ring } from '../../domain/where/boundary.js';

/** What is wrong with a polygon. Rings count from 1, the first is the outer one; edges count from 1 within their ring. */
export type PolygonFlaw =
  | { readonly flaw: 'no-ring' }
  | { readonly flaw: 'out-of-range'; readonly ring: number; readonly position: number; readonly written: string }
  | { readonly flaw: 'too-few-positions'; readonly ring: number; readonly positions: number }
  | { readonly flaw: 'not-closed'; readonly ring: number }
  | { readonly flaw: 'crosses-itself'; readonly ring: number; readonly edge: number; readonly other: number }
  | { readonly flaw: 'rings-cross'; readonly ring: number; readonly edge: number; readonly otherRing: number; readonly other: number }
  | { readonly flaw: 'hole-outside'; readonly ring: number };

const isPosition = (value: unknown): value is Position =>
  Array.isArray(value) &&
  value.length >= 2 &&
  typeof value[0] === 'number' &&
  typeof value[1] === 'number' &&
  Math.abs(value[0]) <= 180 &&
  Math.abs(value[1]) <= 90;

const same = (a: Position, b: Position): boolean => a[0] === b[0] && a[1] === b[1];

/** A ring from what a file says; a third number, a height, is dropped, and so is a position that only repeats the one before. */
const ringOf = (value: unknown, ring: number): Ring | PolygonFlaw => {
  if (!Array.isArray(value)) return { flaw: 'too-few-positions', ring, positions: 0 };
  const wrong = value.findIndex((position) => !isPosition(position));
  if (wrong >= 0) return { flaw: 'out-of-range', ring, position: wrong + 1, written: (JSON.stringify(value[wrong]) ?? '').slice(0, 60) };
  const positions = (value as Position[]).map(([lon, lat]): Position => [lon, lat]);
  const distinct = positions.filter((position, at) => at === 0 || !same(position, positions[at - 1] as Position));
  const [first, last] = [distinct[0], distinct.at(-1)];
  if (distinct.length < 3 || first === undefined || last === undefined)
    return { flaw: 'too-few-positions', ring, positions: distinct.length };
  if (!same(first, last)) return { flaw: 'not-closed', ring };
  return distinct.length < 4 ? { flaw: 'too-few-positions', ring, positions: distinct.length } : distinct;
};

interface Edge {
  readonly ring: number;
  /** Within the ring, from 1. */
  readonly edge: number;
  readonly from: Position;
  readonly to: Position;
}

/** Twice the area of a triangle; which side of a→b it is that c lies on, 0 on the line. */
const side = (a: Position, b: Position, c: Position): number => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
const between = (a: Position, b: Position, c: Position): boolean =>
  Math.min(a[0], b[0]) <= c[0] && c[0] <= Math.max(a[0], b[0]) && Math.min(a[1], b[1]) <= c[1] && c[1] <= Math.max(a[1], b[1]);

/** Whether two edges have a point in common. */
const meet = ({ from: a, to: b }: Edge, { from: c, to: d }: Edge): boolean => {
  const [abc, abd, cda, cdb] = [side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)];
  if (((abc > 0 && abd < 0) || (abc < 0 && abd > 0)) && ((cda > 0 && cdb < 0) || (cda < 0 && cdb > 0))) return true;
  return (
    (abc === 0 && between(a, b, c)) || (abd === 0 && between(a, b, d)) || (cda === 0 && between(c, d, a)) || (cdb === 0 && between(c, d, b))
  );
};

/** An edge that runs back over the one before it. */
const turnsBack = ({ from: a, to: b }: Edge, { to: c }: Edge): boolean =>
  side(a, b, c) === 0 && (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]) < 0;

/** Where the rings cross themselves or each other, by the first edge of each ring that does. Rings may touch each other, a ring itself may not. */
const crossings = (polygon: Polygon): readonly PolygonFlaw[] => {
  const edges = polygon.flatMap((ring, at) =>
    ring.slice(1).map((to, edge): Edge => ({ ring: at + 1, edge: edge + 1, from: ring[edge] as Position, to })),
  );
  const tree = new Flatbush(edges.length);
  const [low, high] = [(a: number, b: number) => Math.min(a, b), (a: number, b: number) => Math.max(a, b)];
  for (const { from, to } of edges) tree.add(low(from[0], to[0]), low(from[1], to[1]), high(from[0], to[0]), high(from[1], to[1]));
  tree.finish();
  const flaws = new Map<string, PolygonFlaw>();
  edges.forEach((one, index) => {
    const { ring, edge, from, to } = one;
    const last = (polygon[ring - 1] as Ring).length - 1;
    for (const at of tree
      .search(low(from[0], to[0]), low(from[1], to[1]), high(from[0], to[0]), high(from[1], to[1]))
      .sort((a, b) => a - b)) {
      if (at <= index) continue;
      const other = edges[at] as Edge;
      const key = `${ring} ${other.ring}`;
      if (flaws.has(key)) continue;
      if (other.ring !== ring) {
        if (properly(one, other)) flaws.set(key, { flaw: 'rings-cross', ring, edge, otherRing: other.ring, other: other.edge });
        continue;
      }
      const follows = other.edge === edge + 1;
      const closes = edge === 1 && other.edge === last;
      const crosses = follows ? turnsBack(one, other) : closes ? turnsBack(other, one) : meet(one, other);
      if (crosses) flaws.set(key, { flaw: 'crosses-itself', ring, edge, other: other.edge });
    }
  });
  return [...flaws.values()];
};

/** Whether each edge has an end on either side of the other. */
const properly = ({ from: a, to: b }: Edge, { from: c, to: d }: Edge): boolean =>
  side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;

/** Whether a position lies in a ring: undefined on its border. */
const inRing = (ring: Ring, [x, y]: Position): boolean | undefined => {
  let inside = false;
  for (let at = 1; at < ring.length; at++) {
    const [from, to] = [ring[at - 1] as Position, ring[at] as Position];
    if (side(from, to, [x, y]) === 0 && between(from, to, [x, y])) return undefined;
    if (from[1] > y !== to[1] > y && x < ((to[0] - from[0]) * (y - from[1])) / (to[1] - from[1]) + from[0]) inside = !inside;
  }
  return inside;
};

/** A polygon of GeoJSON (`coordinates`), or everything that is wrong with it. */
export const checkPolygon = (coordinates: unknown): { readonly polygon: Polygon } | { readonly flaws: readonly PolygonFlaw[] } => {
  if (!Array.isArray(coordinates) || coordinates.length === 0) return { flaws: [{ flaw: 'no-ring' }] };
  const rings = coordinates.map((ring, at) => ringOf(ring, at + 1));
  const flaws = rings.filter((ring): ring is PolygonFlaw => 'flaw' in ring);
  if (flaws.length > 0) return { flaws };
  const polygon = rings as Ring[];
  const [outer, ...holes] = polygon as [Ring, ...Ring[]];
  const outside = holes.flatMap((hole, at): PolygonFlaw[] =>
    hole.some((position) => inRing(outer, position) === false) ? [{ flaw: 'hole-outside', ring: at + 2 }] : [],
  );
  const found = [...crossings(polygon), ...outside];
  return found.length > 0 ? { flaws: found } : { polygon };
};
