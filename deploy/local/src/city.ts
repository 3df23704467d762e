import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  assignmentsTopic,
  commandsTopic,
  DIRECTORY_TOPIC,
  receiptsTopic,
  retoldTopicOf,
  submissionsTopic,
  TICKETS_PARTITIONS,
  TICKETS_TOPIC,
} from '@paidan/contracts';
import { parse } from 'yaml';
import { topicConfig, type TopicSpec } from './topics.js';

/** What the topics of a city depend on. */
export interface CityTopics {
  readonly channels: readonly string[];
  /** Units that are integrated through Kafka. */
  readonly units: readonly string[];
}

/**
 * Reads ids from a city's tables, as far as topics depend on them. dispatch reads the same files and reports whatever is wrong in them;
 * here a broken row is passed over.
 */
export async function readCity(folder: string): Promise<CityTopics> {
  const [channels, units] = await Promise.all([readRows(join(folder, 'channels.csv')), readUnits(folder)]);
  return {
    channels: channels.map(({ id }) => id).filter(isSomething),
    units: units
      .filter(({ integration }) => integration === 'kafka')
      .map(({ code }) => code)
      .filter(isSomething),
  };
}

const isSomething = (id: string | undefined): id is string => id !== undefined && id !== '';

type Rows = readonly Readonly<Record<string, string>>[];

/** Dispatch takes its tables as YAML too. */
async function readUnits(folder: string): Promise<Rows> {
  const yaml = await readFile(join(folder, 'units.yaml'), 'utf8').catch(() => undefined);
  if (yaml === undefined) return readRows(join(folder, 'units.csv'));
  const rows: unknown = parse(yaml, { schema: 'failsafe' });
  return Array.isArray(rows) ? (rows as Rows) : [];
}

async function readRows(file: string): Promise<Rows> {
  const lines = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '').split(/\r?\n/);
  const [head = [], ...rows] = lines.filter((line) => line.trim() !== '').map(cellsOf);
  return rows.map((cells) => Object.fromEntries(head.map((name, at) => [name, cells[at] ?? ''])));
}

const cellsOf = (line: string): readonly string[] =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain = '']) =>
    (quoted?.replaceAll('""', '"') ?? plain).trim(),
  );

/** Every topic of a city: the tickets, the directory, and two for each stranger. */
export function topicsOf({ channels, units }: CityTopics): readonly TopicSpec[] {
  const own = (name: string): TopicSpec => ({ name, partitions: 1, config: topicConfig.retained });
  return [
    { name: TICKETS_TOPIC, partitions: TICKETS_PARTITIONS, config: topicConfig.retained },
    { name: retoldTopicOf(TICKETS_TOPIC), partitions: TICKETS_PARTITIONS, config: topicConfig.retained },
    { name: DIRECTORY_TOPIC, partitions: 1, config: topicConfig.compacted },
    ...units.flatMap((unit) => [own(assignmentsTopic(unit)), own(commandsTopic(unit))]),
    ...channels.flatMap((channel) => [own(submissionsTopic(channel)), own(receiptsTopic(channel))]),
  ];
}
