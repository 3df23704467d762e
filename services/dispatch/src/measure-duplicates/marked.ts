import { parse } from 'csv-parse/sync';
import { readFileSync } from 'node:fs';

export interface Message {
  readonly id: string;
  /** Who wrote it. */
  readonly user: string;
  readonly title: string;
  readonly text: string;
  /** Epoch ms. */
  readonly at: number;
  /** As the anonymised texts name it: A3 within A. */
  readonly area: string | undefined;
}

/** Pairs of row ids, `smaller larger`. */
export type Pairs = ReadonlySet<string>;
export const pairOf = (a: string, b: string): string => (a < b ? `${a} ${b}` : `${b} ${a}`);

const rowsOf = (file: string | URL): Record<string, string>[] => parse(readFileSync(file), { columns: true, bom: true });

/** 西地省's places are letters with numbers; the first district or county named is taken, else the first city. */
const areaIn = (text: string): string | undefined => {
  const named = text.match(/[A-Z]\d*(?=区|县|市)/g) ?? [];
  return named.find((name) => name.length > 1) ?? named[0];
};

/** Times are China's, written in two ways: 2019/2/28 11:25:05 and 2019-02-28 11:25:05. */
const instant = (time: string): number => {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = time.split(/\D+/).map(Number);
  return Date.UTC(year, month - 1, day, hour - 8, minute, second);
};

export const readMessages = (file: string): Message[] =>
  rowsOf(file).map(({ id = '', user = '', title = '', body = '', time = '' }) => ({
    id,
    user,
    title,
    text: body,
    at: instant(time),
    area: areaIn(title + body),
  }));

const marked = (name: string): Record<string, string>[] => rowsOf(new URL(`../../marked-duplicates/${name}`, import.meta.url));

/** All pairs within a cluster are the same matter. */
export function readSame(): { readonly clusters: number; readonly pairs: Pairs } {
  const clusters = new Map<string, string[]>();
  for (const { cluster = '', id = '' } of marked('same.csv')) clusters.set(cluster, [...(clusters.get(cluster) ?? []), id]);
  const pairs = [...clusters.values()].flatMap((ids) => ids.flatMap((a, n) => ids.slice(n + 1).map((b) => pairOf(a, b))));
  return { clusters: clusters.size, pairs: new Set(pairs) };
}

export const readApart = (): Pairs => new Set(marked('apart.csv').map(({ a = '', b = '' }) => pairOf(a, b)));
