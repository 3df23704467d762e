import Flatbush from 'flatbush';
import { NO_MAP, type Boundary, type BoundaryMap, type Nearby, type Polygon } from '../../domain/where/boundary.js';
import { DEGREE, type Point } from '../../domain/where/datum.js';

/** Edges that are passed over together where the point is far from all of them: few outlines have less than a hundred. */
const CHUNK = 24;

interface Shape {
  readonly code: string;
  /** Edges, four numbers each: from x, y to x, y. */
  readonly edges: Float64Array;
  /** Boxes of the chunks, three numbers each: from y, to y, to x. */
  readonly chunks: Float64Array;
  readonly box: readonly [number, number, number, number];
}

const shapeOf = (code: string, polygon: Polygon): Shape => {
  const count = polygon.reduce((sum, ring) => sum + ring.length - 1, 0);
  const edges = new Float64Array(count * 4);
  const chunks = new Float64Array(Math.ceil(count / CHUNK) * 3);
  let [minX, minY, maxX, maxY, edge] = [Infinity, Infinity, -Infinity, -Infinity, 0];
  for (const ring of polygon) {
    for (let at = 1; at < ring.length; at++, edge++) {
      const [[fromX, fromY], [toX, toY]] = [ring[at - 1] as Polygon[0][0], ring[at] as Polygon[0][0]];
      edges.set([fromX, fromY, toX, toY], edge * 4);
      const chunk = Math.floor(edge / CHUNK) * 3;
      if (edge % CHUNK === 0) chunks.set([Infinity, -Infinity, -Infinity], chunk);
      chunks[chunk] = Math.min(chunks[chunk] as number, fromY, toY);
      chunks[chunk + 1] = Math.max(chunks[chunk + 1] as number, fromY, toY);
      chunks[chunk + 2] = Math.max(chunks[chunk + 2] as number, fromX, toX);
      [minX, minY, maxX, maxY] = [Math.min(minX, fromX), Math.min(minY, fromY), Math.max(maxX, fromX), Math.max(maxY, fromY)];
    }
  }
  return { code, edges, chunks, box: [minX, minY, maxX, maxY] };
};

/** Squared distance of the origin from a segment. */
const squaredDistance = (fromX: number, fromY: number, toX: number, toY: number): number => {
  const [alongX, alongY] = [toX - fromX, toY - fromY];
  const length = alongX * alongX + alongY * alongY;
  const part = length === 0 ? 0 : Math.max(0, Math.min(1, -(fromX * alongX + fromY * alongY) / length));
  const [x, y] = [fromX + part * alongX, fromY + part * alongY];
  return x * x + y * y;
};

/** One pass over the edges: how many lie to the right of the point (an odd number says inside), and how near the nearest is. */
const look = ({ code, edges, chunks }: Shape, { lon, lat }: Point, margin: number, perLon: number): Nearby => {
  const [reachX, reachY] = [margin / perLon, margin / DEGREE];
  const [below, above, left, right] = [lat - reachY, lat + reachY, lon - reachX, lon + reachX];
  let inside = false;
  let nearest = margin * margin;
  for (let chunk = 0, first = 0; first < edges.length; chunk += 3, first += CHUNK * 4) {
    if ((chunks[chunk] as number) > above || (chunks[chunk + 1] as number) < below || (chunks[chunk + 2] as number) < left) continue;
    const end = Math.min(first + CHUNK * 4, edges.length);
    for (let edge = first; edge < end; edge += 4) {
      const fromX = edges[edge] as number;
      const fromY = edges[edge + 1] as number;
      const toX = edges[edge + 2] as number;
      const toY = edges[edge + 3] as number;
      if (fromY > lat !== toY > lat && lon < ((toX - fromX) * (lat - fromY)) / (toY - fromY) + fromX) inside = !inside;
      if ((fromX < left && toX < left) || (fromX > right && toX > right)) continue;
      if ((fromY < below && toY < below) || (fromY > above && toY > above)) continue;
      const squared = squaredDistance((fromX - lon) * perLon, (fromY - lat) * DEGREE, (toX - lon) * perLon, (toY - lat) * DEGREE);
      if (squared < nearest) nearest = squared;
    }
  }
  return { code, inside, clearance: Math.sqrt(nearest) };
};

/** Expects boundaries that were found sound; see `adapters/city/boundary-features.ts`. */
export const indexBoundaries = (boundaries: readonly Boundary[]): BoundaryMap => {
  const shapes = boundaries.flatMap(({ code, polygons }) => polygons.map((polygon) => shapeOf(code, polygon)));
  if (shapes.length === 0) return NO_MAP;
  const tree = new Flatbush(shapes.length);
  for (const { box } of shapes) tree.add(...box);
  tree.finish();
  return {
    around: (point, margin) => {
      const perLon = DEGREE * Math.max(Math.cos((point.lat * Math.PI) / 180), 1e-6);
      const [reachX, reachY] = [margin / perLon, margin / DEGREE];
      const found: Nearby[] = [];
      for (const at of tree.search(point.lon - reachX, point.lat - reachY, point.lon + reachX, point.lat + reachY)) {
        const nearby = look(shapes[at] as Shape, point, margin, perLon);
        if (!nearby.inside && nearby.clearance >= margin) continue;
        const other = found.findIndex(({ code }) => code === nearby.code);
        // Another part of the same area: it is in the area if it is in one of them, and no nearer to its border than to the nearest.
        if (other < 0) found.push(nearby);
        else {
          const { code, inside, clearance } = found[other] as Nearby;
          found[other] = { code, inside: inside || nearby.inside, clearance: Math.min(clearance, nearby.clearance) };
        }
      }
      return found;
    },
  };
};
