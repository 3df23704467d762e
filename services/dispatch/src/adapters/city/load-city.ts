import type { DirectoryData } from '../../domain/routing/directory.js';
import {
  AREA_COLUMNS,
  areasOf,
  CHANNEL_COLUMNS,
  CALLBACK_COLUMNS,
  channelsOf,
  MATTER_COLUMNS,
  mattersOf,
  matterWordsOf,
  TOPIC_COLUMNS,
  topicsOf,
  UNIT_COLUMNS,
  unitsOf,
  WORD_COLUMNS,
  type CityChannel,
} from './city-rows.js';
import { readTable, type CityProblem } from './csv-table.js';

export type { CityChannel } from './city-rows.js';
export type { CityProblem } from './csv-table.js';

/** Everything the folder says; the version is given when it is published. */
export interface City extends Omit<DirectoryData, 'version'> {
  readonly channels: readonly CityChannel[];
}
export type LoadedCity = { readonly ok: true; readonly city: City } | { readonly ok: false; readonly problems: readonly CityProblem[] };

const codesOf = (rows: readonly { readonly cells: { readonly code: string } }[]): ReadonlySet<string> =>
  new Set(rows.map(({ cells }) => cells.code));

/**
 * Reads the tables of a city's folder and checks them against each other: the whole city, or every problem and no city. Where a table can't be
 * read at all, only that is told, because everything that refers to it would be told too.
 */
export const loadCity = async (folder: string): Promise<LoadedCity> => {
  const problems: CityProblem[] = [];
  const [areaRows, unitRows, topicRows, matterRows, wordRows, channelRows] = await Promise.all([
    readTable(folder, 'areas.csv', AREA_COLUMNS, problems),
    readTable(folder, 'units.csv', UNIT_COLUMNS, problems),
    readTable(folder, 'topics.csv', TOPIC_COLUMNS, problems),
    readTable(folder, 'matters.csv', MATTER_COLUMNS, problems),
    readTable(folder, 'words.csv', WORD_COLUMNS, problems),
    readTable(folder, 'channels.csv', CHANNEL_COLUMNS, problems, CALLBACK_COLUMNS),
  ]);
  if (!areaRows || !unitRows || !topicRows || !matterRows || !wordRows || !channelRows) return { ok: false, problems };

  const areas = areasOf(areaRows, problems);
  const units = unitsOf(unitRows, codesOf(areaRows), problems);
  const topics = topicsOf(topicRows, problems);
  const words = matterWordsOf(wordRows, codesOf(matterRows), problems);
  const matters = mattersOf(matterRows, { topics: codesOf(topicRows), units: codesOf(unitRows), words }, problems);
  const channels = channelsOf(channelRows, problems);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, city: { areas, units, topics, matters, channels } };
};

/** One problem as a line for the terminal: `units.csv:12: has no area`. */
export const describeProblem = ({ file, line, problem }: CityProblem): string =>
  `${file}${line === undefined ? '' : `:${line}`}: ${problem}`;
