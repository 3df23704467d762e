import {
  DIRECTORY_TOPIC,
  directoryHash,
  directoryKey,
  OUTBOUND,
  wireType,
  type DirectoryEntry,
  type DirectoryMatter,
  type DirectoryMessage,
  type DirectoryUnit,
} from '@paidan/contracts';
import type { Notice } from '@paidan/runtime';
import type { DirectoryData, Handler, Level, Matter, Topic, Unit } from './routing/directory.js';

const LEVELS: Readonly<Record<Level, number>> = { city: 1, district: 2, street: 3 };
/** What the schema of a matter has room for; the rest only routing needs. */
const KEYWORDS = 200;

const unitEntry = (unit: Unit, version: number): DirectoryUnit => ({
  type: 'directory.unit',
  version,
  code: unit.code,
  name: unit.name,
  aliases: [...unit.aliases],
  level: LEVELS[unit.level],
  parent: unit.parent ?? null,
  kind: unit.kind,
  areas: [...unit.areas],
  integration: unit.integration,
  active: unit.active,
});

/** By area or by utility there is no one lead to name. */
const unitsOf = (handlers: readonly Handler[]): string[] => handlers.flatMap((handler) => (handler.by === 'unit' ? [handler.unit] : []));

const matterEntry = (matter: Matter, topics: ReadonlyMap<string, Topic>, version: number): DirectoryMatter => ({
  type: 'directory.matter',
  version,
  code: matter.code,
  l1: topics.get(matter.topic)?.name ?? matter.topic,
  l2: matter.name,
  name: matter.name,
  keywords: [...new Set([...matter.strong, ...matter.weak])].slice(0, KEYWORDS),
  lead: unitsOf([matter.lead])[0] ?? null,
  coHandlers: unitsOf(matter.coHandlers),
  active: true,
});

export const entriesOf = (data: DirectoryData): DirectoryEntry[] => {
  const topics = new Map(data.topics.map((topic) => [topic.code, topic]));
  return [
    ...data.units.map((unit) => unitEntry(unit, data.version)),
    ...data.matters.map((matter) => matterEntry(matter, topics, data.version)),
  ];
};

const noticeOf = (message: DirectoryMessage): Notice => ({
  topic: DIRECTORY_TOPIC,
  key: directoryKey(message),
  type: wireType(message.type, OUTBOUND[message.type].version),
  payload: message,
});

/** A whole version as it goes to `paidan.directory`: the entries, and last the marker that makes them count. */
export const publicationOf = (
  data: DirectoryData,
): { readonly notices: readonly Notice[]; readonly count: number; readonly hash: string } => {
  const entries = entriesOf(data);
  const [count, hash] = [entries.length, directoryHash(entries)];
  const marker: DirectoryMessage = { type: 'directory.published', version: data.version, count, hash };
  return { notices: [...entries, marker].map(noticeOf), count, hash };
};
