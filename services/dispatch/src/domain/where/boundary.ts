import type { Point } from './datum.js';

/** Longitude and latitude, degrees of WGS-84. */
export type Position = readonly [lon: number, lat: number];
/** Closed: the last position is the first one. */
export type Ring = readonly Position[];
/** The outer ring, then holes. */
export type Polygon = readonly Ring[];

/** What an area covers; more polygons than one where it has exclaves. */
export interface Boundary {
  /** Of the area, as the table of areas has it. */
  readonly code: string;
  readonly polygons: readonly Polygon[];
}

/** An area at or near a point. */
export interface Nearby {
  readonly code: string;
  readonly inside: boolean;
  /** Metres to its border, the margin that was asked with at most. */
  readonly clearance: number;
}

/** Boundaries, indexed; built once, never changed. */
export interface BoundaryMap {
  /** Areas that a point of WGS-84 lies in, or lies nearer to than the margin (metres). */
  around(point: Point, margin: number): readonly Nearby[];
}

/** Of a city without boundaries. */
export const NO_MAP: BoundaryMap = { around: () => [] };
