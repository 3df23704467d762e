import type { CoordinateSystem } from '@paidan/contracts';

/** Degrees; east and north are positive. */
export interface Point {
  readonly lon: number;
  readonly lat: number;
}

/** Krasovsky 1940, the ellipsoid that the offsets of GCJ-02 are reckoned on: metres, and its eccentricity squared. */
const SEMI_MAJOR = 6_378_245;
const ECCENTRICITY = 0.006693421622965943;
const { PI, abs, cos, sin, sqrt } = Math;
const RADIAN = PI / 180;

/** The rough box in which maps made in China are shifted. Outside it both systems are one. */
export const isShifted = ({ lon, lat }: Point): boolean => lon >= 72.004 && lon <= 137.8347 && lat >= 0.8293 && lat <= 55.8271;

/**
 * How far GCJ-02 lies from WGS-84 at a point of WGS-84, in degrees. The published approximation of the secret algorithm, as map libraries have had it since
 * 2010: a polynomial around 105° E 35° N and waves on it, in metres, turned into degrees on the ellipsoid.
 */
const offsetAt = (lon: number, lat: number): Point => {
  const [x, y] = [lon - 105, lat - 35];
  const common = (20 * sin(6 * PI * x) + 20 * sin(2 * PI * x)) / 1.5;
  const root = sqrt(abs(x));
  const north =
    -100 +
    2 * x +
    3 * y +
    0.2 * y * y +
    0.1 * x * y +
    0.2 * root +
    common +
    (20 * sin(PI * y) + 40 * sin((PI * y) / 3) + 160 * sin((PI * y) / 12) + 320 * sin((PI * y) / 30)) / 1.5;
  const east =
    300 +
    x +
    2 * y +
    0.1 * x * x +
    0.1 * x * y +
    0.1 * root +
    common +
    (20 * sin(PI * x) + 40 * sin((PI * x) / 3) + 150 * sin((PI * x) / 12) + 300 * sin((PI * x) / 30)) / 1.5;
  const sine = sin(lat * RADIAN);
  const flattening = 1 - ECCENTRICITY * sine * sine;
  const bend = sqrt(flattening);
  return {
    lon: east / ((SEMI_MAJOR / bend) * cos(lat * RADIAN) * RADIAN),
    lat: north / (((SEMI_MAJOR * (1 - ECCENTRICITY)) / (flattening * bend)) * RADIAN),
  };
};

export const toGcj02 = (point: Point): Point => {
  if (!isShifted(point)) return point;
  const { lon, lat } = offsetAt(point.lon, point.lat);
  return { lon: point.lon + lon, lat: point.lat + lat };
};

/** The formula has no inverse: the offset is taken where the point would be without it. Each round leaves a hundredth of the error, the third less than a millimetre. */
export const toWgs84 = (point: Point): Point => {
  if (!isShifted(point)) return point;
  let { lon, lat } = point;
  for (let round = 0; round < 3; round++) {
    const offset = offsetAt(lon, lat);
    lon = point.lon - offset.lon;
    lat = point.lat - offset.lat;
  }
  return { lon, lat };
};

/** The point as GPS has it. */
export const inWgs84 = (point: Point, system: CoordinateSystem): Point => (system === 'GCJ-02' ? toWgs84(point) : point);

/** Metres of a degree along a meridian, near enough for what is less than some kilometres. */
export const DEGREE = 111_195;

/** Metres between two points that are near each other. */
export const metresBetween = (a: Point, b: Point): number => {
  const [east, north] = [(a.lon - b.lon) * cos(((a.lat + b.lat) / 2) * RADIAN), a.lat - b.lat];
  return sqrt(east * east + north * north) * DEGREE;
};
