import type { DirectoryData } from './routing/directory.js';
import type { Responsibility } from './routing/responsibilities.js';

/** What of one kind differs between two directories, by code. */
export interface Changes {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** With the names of the facts that differ. */
  readonly changed: readonly { readonly code: string; readonly facts: readonly string[] }[];
}

export const CHANGED_KINDS = [
  'areas',
  'units',
  'topics',
  'matters',
  'responsibilities',
  'mailboxes',
  'boundaries',
  'systems',
] as const satisfies readonly (keyof DirectoryData)[];
export type DirectoryChanges = Readonly<Record<(typeof CHANGED_KINDS)[number], Changes>>;

type Content = Omit<DirectoryData, 'version'>;

/** A responsibility is known by what it is about, where, and from when: no two may agree in that. */
export const codeOfResponsibility = ({ matter, area, from }: Responsibility): string =>
  `${matter}@${area ?? '*'}@${from === undefined ? '*' : new Date(from).toISOString()}`;

/** Whether two facts say the same; Postgres gives an object's members back in an order of its own. */
const same = (one: unknown, other: unknown): boolean => {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  const [mine, theirs] = [one as Readonly<Record<string, unknown>>, other as Readonly<Record<string, unknown>>];
  const names = Object.keys(mine).filter((name) => mine[name] !== undefined);
  const others = Object.keys(theirs).filter((name) => theirs[name] !== undefined);
  return names.length === others.length && names.every((name) => same(mine[name], theirs[name]));
};

const changesOf = <Entry extends object>(before: readonly Entry[], after: readonly Entry[], codeOf: (entry: Entry) => string): Changes => {
  const mapOf = (entries: readonly Entry[]) => new Map(entries.map((entry) => [codeOf(entry), entry]));
  const [old, now] = [mapOf(before), mapOf(after)];
  const changed = [...now].flatMap(([code, entry]) => {
    const was = old.get(code);
    if (was === undefined) return [];
    const facts = [...new Set([...Object.keys(was), ...Object.keys(entry)])].filter(
      (fact) => !same(was[fact as keyof Entry], entry[fact as keyof Entry]),
    );
    return facts.length === 0 ? [] : [{ code, facts }];
  });
  return {
    added: [...now.keys()].filter((code) => !old.has(code)),
    removed: [...old.keys()].filter((code) => !now.has(code)),
    changed,
  };
};

export const directoryChanges = (before: Content, after: Content): DirectoryChanges => {
  const byCode = ({ code }: { readonly code: string }): string => code;
  return {
    areas: changesOf(before.areas, after.areas, byCode),
    units: changesOf(before.units, after.units, byCode),
    topics: changesOf(before.topics, after.topics, byCode),
    matters: changesOf(before.matters, after.matters, byCode),
    responsibilities: changesOf(before.responsibilities, after.responsibilities, codeOfResponsibility),
    mailboxes: changesOf(before.mailboxes, after.mailboxes, byCode),
    boundaries: changesOf(before.boundaries ?? [], after.boundaries ?? [], byCode),
    systems: changesOf(before.systems ?? [], after.systems ?? [], byCode),
  };
};
