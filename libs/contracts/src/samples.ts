import { readdirSync, readFileSync } from 'node:fs';

/** A golden sample: a message as it was once on the wire. */
export interface Sample {
  /** `ticket.registered.v1.sealed` */
  readonly name: string;
  /** `ticket.registered.v1` */
  readonly message: string;
  readonly topic?: string;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly value: unknown;
}

const FOLDER = new URL('../samples/', import.meta.url);

/** All of `samples/`, by name. */
export const readSamples = (): Sample[] =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => {
      const name = file.slice(0, -'.json'.length);
      const sample = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Omit<Sample, 'name' | 'message'>;
      return { ...sample, name, message: /^.+?\.v\d+/.exec(name)?.[0] ?? name };
    });
