import {
  DIRECTORY_TOPIC,
  directoryHash,
  directoryKey,
  OUTBOUND,
  wireType,
  type DirectoryEntry,
  type DirectoryMailbox,
  type DirectoryMatter,
  type DirectoryMessage,
  type DirectoryPublished,
  type DirectoryResponsibility,
  type DirectoryUnit,
} from '@paidan/contracts';
import type { Notice } from '@paidan/runtime';
import { LEVELS, type DirectoryData, type Handler, type Mailbox, type Matter, type Topic, type Unit } from './routing/directory.js';
import type { Period } from './routing/period.js';
import type { Responsibility } from './routing/responsibilities.js';

/** What the schema of a matter has room for; the rest only routing needs. */
const KEYWORDS = 200;

type Told<Entry extends Period> = Omit<Entry, keyof Period> & { from?: string; until?: string };

/** The same with the instants of its period as they are told. */
export const toldPeriod = <Entry extends Period>({ from, until, ...entry }: Entry): Told<Entry> => ({
  ...entry,
  ...(from === undefined ? {} : { from: new Date(from).toISOString() }),
  ...(until === undefined ? {} : { until: new Date(until).toISOString() }),
});

const periodOf = ({ from, until }: Period): Period => ({
  ...(from === undefined ? {} : { from }),
  ...(until === undefined ? {} : { until }),
});

const unitEntry = (unit: Unit, version: number): DirectoryUnit => ({
  type: 'directory.unit',
  version,
  code: unit.code,
  name: unit.name,
  aliases: [...unit.aliases],
  level: LEVELS.indexOf(unit.level) + 1,
  parent: unit.parent ?? null,
  kind: unit.kind,
  areas: [...unit.areas],
  integration: unit.integration,
  active: unit.active,
  ...toldPeriod(periodOf(unit)),
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

const responsibilityEntry = (entry: Responsibility, version: number): DirectoryResponsibility => ({
  type: 'directory.responsibility',
  version,
  matter: entry.matter,
  area: entry.area ?? null,
  lead: unitsOf([entry.lead])[0] ?? null,
  coHandlers: unitsOf(entry.coHandlers),
  ...toldPeriod(periodOf(entry)),
  ...(entry.note === undefined ? {} : { note: entry.note }),
});

const mailboxEntry = (mailbox: Mailbox, version: number): DirectoryMailbox => ({
  type: 'directory.mailbox',
  version,
  ...toldPeriod(mailbox),
});

/** What every reader of the directory takes together: units and matters. */
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
  const { version } = data;
  const entries = entriesOf(data);
  const [count, hash] = [entries.length, directoryHash(entries)];
  const kinds = [
    data.responsibilities.map((entry) => responsibilityEntry(entry, version)),
    data.mailboxes.map((mailbox) => mailboxEntry(mailbox, version)),
  ];
  const further = kinds.flatMap((kind) => {
    const [first] = kind;
    return first === undefined ? [] : [{ type: first.type, count: kind.length, hash: directoryHash(kind) }];
  });
  const marker: DirectoryPublished = { type: 'directory.published', version, count, hash, ...(further.length === 0 ? {} : { further }) };
  return { notices: [...kinds.flat(), ...entries, marker].map(noticeOf), count, hash };
};
