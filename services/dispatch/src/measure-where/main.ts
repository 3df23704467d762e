import { parseArgs } from 'node:util';
import { indexBoundaries } from '../adapters/geo/boundary-map.js';
import { indexDirectory } from '../domain/routing/directory.js';
import { toGcj02 } from '../domain/where/datum.js';
import { randomOf, tiledCity } from '../domain/where/tiled-city.js';
import { where } from '../domain/where/where.js';

/*
 * How many points a core places in a second: npm run measure:where [-- --points N]. The city is made up: 40 × 40 streets in 5 × 5 districts, borders with
 * 200 positions around a street, 1,600 around a district. Half of the points are GCJ-02 and have to be converted.
 */
const { values } = parseArgs({ options: { points: { type: 'string', default: '200000' } } });
const TILING = { streets: 40, districts: 5, positions: 50, corner: [113, 28], side: 0.02 } as const;
const ROUNDS = 5;

const random = randomOf(1);
const none = { units: [], topics: [], matters: [], responsibilities: [], mailboxes: [] };
const began = performance.now();
const city = tiledCity(TILING, random);
const directory = indexDirectory({ version: 1, ...none, ...city }, indexBoundaries(city.boundaries ?? []));
const indexed = performance.now() - began;

const within = (from: number): number => from + random() * TILING.side * TILING.streets;
const places = Array.from({ length: Number(values.points) }, (_, at) => {
  const point = { lon: within(TILING.corner[0]), lat: within(TILING.corner[1]) };
  return { coordinates: at % 2 === 0 ? { ...point, system: 'WGS-84' as const } : { ...toGcj02(point), system: 'GCJ-02' as const } };
});

process.stdout.write(`${directory.areas.size} areas made and indexed in ${indexed.toFixed(0)} ms\n`);
for (let round = 1; round <= ROUNDS; round++) {
  let found = 0;
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  for (const place of places) if (where(directory, place, { title: [], text: [] })?.area.level === 'street') found++;
  const seconds = (performance.now() - start) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const rate = (time: number): string => Math.round(places.length / time).toLocaleString('en');
  process.stdout.write(
    `round ${round}: ${rate(seconds)} points/s, ${rate((user + system) / 1e6)} per second of CPU; ${found} of ${places.length} in a street\n`,
  );
}
