import { createHash } from 'node:crypto';
import type { Log, Notice, Queryable, Tx } from '@paidan/runtime';
import { publicationOf } from '../domain/directory-entries.js';
import { indexDirectory, type Directory, type DirectoryData } from '../domain/routing/directory.js';
import { dispatchError } from '../errors.js';

/** What a city's folder says; a version is given to it when it is published. */
export type DirectoryContent = Omit<DirectoryData, 'version'>;

export interface DirectoryVersion {
  readonly version: number;
  /** Of the entries, as published in the marker. */
  readonly hash: string;
  /** Of everything routing reads, words and areas too. */
  readonly contentHash: string;
  readonly count: number;
  readonly activeAt: Date;
}

/** Where versions are kept. */
export interface DirectoryVersions {
  /** Runs in a transaction that no other replica's can overlap; the notices are sent when it has committed. */
  alone<T>(work: (tx: Tx, notices: Notice[]) => Promise<T>): Promise<T>;
  newest(tx?: Queryable): Promise<DirectoryVersion | undefined>;
  contentOf(version: number, tx?: Queryable): Promise<DirectoryContent>;
  insert(tx: Tx, version: DirectoryVersion, content: DirectoryContent): Promise<void>;
}

export interface ActiveDirectoryOptions {
  readonly versions: DirectoryVersions;
  readonly log: Log;
  readonly now: () => number;
  readonly pollMs: number;
}

const hashOf = (content: DirectoryContent): string => createHash('sha256').update(JSON.stringify(content)).digest('hex');

/**
 * The directory in force: published when this process brings another one than the schema has, and followed when another replica does.
 * Which replica starts last decides; during a roll-out that is the newer release.
 */
export class ActiveDirectory {
  #active: { readonly version: DirectoryVersion; readonly directory: Directory } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: ActiveDirectoryOptions) {}

  /** @throws PaidanError `no-directory` before {@link open} */
  get directory(): Directory {
    return this.#inForce.directory;
  }

  get version(): DirectoryVersion {
    return this.#inForce.version;
  }

  get #inForce() {
    if (this.#active === undefined) throw dispatchError('no-directory', 'no directory is in force yet');
    return this.#active;
  }

  /** @throws PaidanError `no-directory` when there is neither a city nor a version kept from earlier */
  async open(city: DirectoryContent | undefined): Promise<void> {
    if (city !== undefined) await this.#adopt(city);
    await this.refresh();
    if (this.#active === undefined)
      throw dispatchError('no-directory', 'PAIDAN_CITY_DIR is not set and the schema has no directory from earlier');
    this.#timer = setInterval(() => void this.refresh().catch((err: unknown) => this.#quiet(err)), this.options.pollMs).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Takes over a newer version, if there is one. */
  async refresh(): Promise<void> {
    const { versions, log } = this.options;
    const newest = await versions.newest();
    if (newest === undefined || newest.version === this.#active?.version.version) return;
    const content = await versions.contentOf(newest.version);
    this.#active = { version: newest, directory: indexDirectory({ ...content, version: newest.version }) };
    log.info({ version: newest.version, count: newest.count }, 'directory in force');
  }

  /** Says the active version once more, for readers that miss some of it. */
  async republish(): Promise<DirectoryVersion> {
    const { versions } = this.options;
    return versions.alone(async (tx, notices) => {
      const newest = await versions.newest(tx);
      if (newest === undefined) throw dispatchError('no-directory', 'there is no directory to publish');
      const content = await versions.contentOf(newest.version, tx);
      notices.push(...publicationOf({ ...content, version: newest.version }).notices);
      return newest;
    });
  }

  async #adopt(city: DirectoryContent): Promise<void> {
    const { versions, now } = this.options;
    const contentHash = hashOf(city);
    await versions.alone(async (tx, notices) => {
      const newest = await versions.newest(tx);
      if (newest?.contentHash === contentHash) return;
      const version = (newest?.version ?? 0) + 1;
      const publication = publicationOf({ ...city, version });
      const { hash, count } = publication;
      await versions.insert(tx, { version, hash, contentHash, count, activeAt: new Date(now()) }, city);
      notices.push(...publication.notices);
    });
  }

  #quiet(err: unknown): void {
    // The version in force stays so; the next look comes in seconds.
    this.options.log.warn({ err }, 'could not look for a newer directory');
  }
}
