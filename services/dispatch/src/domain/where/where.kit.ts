import type { Place } from '@paidan/contracts';
import { indexDirectory, type Area, type Directory } from '../routing/directory.js';
import { SMALL_CITY } from '../routing/small-city.kit.js';
import type { Boundary, Position } from './boundary.js';
import { indexBoundaries } from '../../adapters/geo/boundary-map.js';
import { sureArea, where, type Where } from './where.js';

const box = (west: number, south: number, east: number, north: number): readonly Position[] => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
];
const boundary = (code: string, ...corners: [number, number, number, number]): Boundary => ({ code, polygons: [[box(...corners)]] });

/** The small city on the ground, two districts side by side; a degree and its hundredths, so that positions can be read. */
export const BOUNDARIES: readonly Boundary[] = [
  boundary('990102', 113.02, 28, 113.04, 28.02),
  boundary('990103', 113, 28, 113.02, 28.02),
  boundary('990102001', 113.02, 28, 113.04, 28.01),
  boundary('990102002', 113.02, 28.01, 113.04, 28.02),
];
/** A street's name that both districts have. */
export const TWICE: readonly Area[] = [
  { code: '990102009', name: '城关镇', level: 'street', parent: '990102', aliases: [] },
  { code: '990103009', name: '城关镇', level: 'street', parent: '990103', aliases: [] },
];

export const MAPPED: Directory = indexDirectory({ ...SMALL_CITY, areas: [...SMALL_CITY.areas, ...TWICE] }, indexBoundaries(BOUNDARIES));

const hitsOf = (directory: Directory, text: string) => directory.matcher.scan(text)[2] ?? [];

export const placed = (
  place: Omit<Place, 'coordinates'> & { readonly coordinates?: { lon: number; lat: number; system: string } },
  { title = '', text = '', directory = MAPPED }: { title?: string; text?: string; directory?: Directory } = {},
) => {
  // A consumer passes on systems that it doesn't know.
  const found: Where | undefined = where(directory, place as Place, { title: hitsOf(directory, title), text: hitsOf(directory, text) });
  return { found, area: found?.area.code, certainty: found?.certainty ?? 0, goneBy: sureArea(found, 0.6)?.code };
};
