import type { Boundary, BoundaryMap, Polygon, Position } from '../../domain/where/boundary.js';

/** Positions looked at of each polygon: more would only take longer. */
const LOOKED_AT = 200;

const PARTS = [1 / 4, 1 / 2, 3 / 4] as const;

/** Some positions inside, at three heights, each in the widest stretch between two edges: one polygon may lie in another without a corner of its own in it. */
const innerPositions = (polygon: Polygon): readonly Position[] => {
  let [south, north] = [90, -90];
  for (const [, lat] of polygon[0] ?? []) [south, north] = [Math.min(south, lat), Math.max(north, lat)];
  return PARTS.flatMap((height) => {
    const lat = south + (north - south) * height;
    const crossed = polygon
      .flatMap((ring) =>
        ring.slice(1).flatMap(([toX, toY], at) => {
          const [fromX, fromY] = ring[at] as Position;
          return fromY > lat !== toY > lat ? [((toX - fromX) * (lat - fromY)) / (toY - fromY) + fromX] : [];
        }),
      )
      .sort((a, b) => a - b);
    const stretches = crossed.flatMap((west, at) => (at % 2 === 0 ? [{ west, wide: (crossed[at + 1] ?? west) - west }] : []));
    const widest = stretches.reduce((best, one) => (one.wide > best.wide ? one : best), { west: 0, wide: 0 });
    return widest.wide === 0 ? [] : PARTS.map((part): Position => [widest.west + widest.wide * part, lat]);
  });
};

/**
 * Pairs of boundaries that cover the same ground, deeper than the margin: what is less is the drawing's. Of those that may: a district has its streets' ground.
 * @param margin metres
 */
export const overlapsOf = (
  boundaries: readonly Boundary[],
  map: BoundaryMap,
  may: (code: string, other: string) => boolean,
  margin: number,
): readonly (readonly [string, string])[] => {
  const found = new Map<string, readonly [string, string]>();
  for (const { code, polygons } of boundaries) {
    const positions = polygons.flatMap((polygon) => {
      const all = polygon.flat();
      const step = Math.max(1, Math.ceil(all.length / LOOKED_AT));
      return [...all.filter((_, at) => at % step === 0), ...innerPositions(polygon)];
    });
    for (const [lon, lat] of positions) {
      for (const { code: other, inside, clearance } of map.around({ lon, lat }, margin)) {
        if (!inside || clearance < margin || other === code || may(code, other)) continue;
        const pair = code < other ? ([code, other] as const) : ([other, code] as const);
        found.set(pair.join(), pair);
      }
    }
  }
  return [...found.values()];
};
