import type { DirectoryContent } from '../../application/active-directory.js';
import { readBoundaries } from './boundary-features.js';
import { CHANNEL_COLUMNS, channelsOf, type CityChannel } from './channel-rows.js';
import { filesGiven, filesOfFolder, type CityFiles, type CityProblem } from './city-files.js';
import { MATTER_COLUMNS, mattersOf, matterWordsOf, TOPIC_COLUMNS, topicsOf, WORD_COLUMNS } from './matter-rows.js';
import { MAILBOX_COLUMNS, mailboxesOf, RESPONSIBILITY_COLUMNS, responsibilitiesOf } from './responsibility-rows.js';
import { SYSTEM_COLUMNS, systemsOf } from './system-rows.js';
import { readTable, type Table } from './table.js';
import { AREA_COLUMNS, areasOf, UNIT_COLUMNS, unitsOf } from './unit-rows.js';

/** Everything the folder says; the version is given when it is published. */
export interface City extends DirectoryContent {
  readonly channels: readonly CityChannel[];
}
export type Loaded<What> = { readonly ok: true; readonly city: What } | { readonly ok: false; readonly problems: readonly CityProblem[] };

/** Tables of the directory, by the names of their files without `.csv` or `.yaml`. */
export const DIRECTORY_TABLES = ['areas', 'units', 'topics', 'matters', 'words', 'responsibilities', 'mailboxes'] as const;

const codesOf = (table: Table<'code'>): ReadonlySet<string> => new Set(table.rows.map(({ cells }) => cells.code));

/**
 * Reads the tables of a city's folder and checks them against each other: the whole city, or every problem and no city. A folder may go without
 * responsibilities, mailboxes, boundaries and systems: then the catalogue alone says who handles what, no mailbox is bound, no point says where it is, and what
 * is urgent takes the usual way.
 */
export const loadCity = async (folder: string): Promise<Loaded<City>> => {
  const problems: CityProblem[] = [];
  const files = filesOfFolder(folder);
  const [directory, channels] = [
    await readDirectory(files, problems, 'is-empty'),
    await readTable(files, 'channels', CHANNEL_COLUMNS, problems),
  ];
  const read = channels === undefined ? undefined : channelsOf(channels, problems);
  return problems.length > 0 || directory === undefined || read === undefined
    ? { ok: false, problems }
    : { ok: true, city: { ...directory, channels: read } };
};

/**
 * The same of files that were sent. All of {@link DIRECTORY_TABLES} are demanded: one that was forgotten must not empty itself. Boundaries and systems are, too,
 * where the version in force has them; only who takes the files in knows that.
 */
export const loadDirectory = async (files: ReadonlyMap<string, string>): Promise<Loaded<DirectoryContent>> => {
  const problems: CityProblem[] = [];
  const city = await readDirectory(filesGiven(files), problems, 'is-a-problem');
  return problems.length > 0 || city === undefined ? { ok: false, problems } : { ok: true, city };
};

/** Where a table can't be read at all, only that is told, because everything that refers to it would be told too. */
async function readDirectory(
  files: CityFiles,
  problems: CityProblem[],
  without: 'is-a-problem' | 'is-empty',
): Promise<DirectoryContent | undefined> {
  const areaTable = await readTable(files, 'areas', AREA_COLUMNS, problems);
  const unitTable = await readTable(files, 'units', UNIT_COLUMNS, problems);
  const topicTable = await readTable(files, 'topics', TOPIC_COLUMNS, problems);
  const matterTable = await readTable(files, 'matters', MATTER_COLUMNS, problems);
  const wordTable = await readTable(files, 'words', WORD_COLUMNS, problems);
  const responsibilityTable = await readTable(files, 'responsibilities', RESPONSIBILITY_COLUMNS, problems, without);
  const mailboxTable = await readTable(files, 'mailboxes', MAILBOX_COLUMNS, problems, without);
  const systemTable = await readTable(files, 'systems', SYSTEM_COLUMNS, problems, 'is-empty');
  if (!areaTable || !unitTable || !topicTable || !matterTable || !wordTable || !responsibilityTable || !mailboxTable || !systemTable)
    return undefined;

  const areas = areasOf(areaTable, problems);
  const boundaries = await readBoundaries(files, areas, problems);
  const units = unitsOf(unitTable, codesOf(areaTable), problems);
  const known = { unitCodes: codesOf(unitTable), units: new Map(units.map((unit) => [unit.code, unit])) };
  const topics = topicsOf(topicTable, problems);
  const words = matterWordsOf(wordTable, codesOf(matterTable), problems);
  const matters = mattersOf(matterTable, { topics: codesOf(topicTable), units: known.unitCodes, words }, problems);
  const subjects = new Set([...codesOf(topicTable), ...codesOf(matterTable)]);
  const responsibilities = responsibilitiesOf(responsibilityTable, { subjects, areas, ...known }, problems);
  const mailboxes = mailboxesOf(mailboxTable, known, problems);
  const systems = systemTable.absent ? undefined : systemsOf(systemTable, { subjects, unitCodes: known.unitCodes }, problems);
  return {
    ...{ areas, units, topics, matters, responsibilities, mailboxes },
    ...(boundaries === undefined ? {} : { boundaries }),
    ...(systems === undefined ? {} : { systems }),
  };
}
