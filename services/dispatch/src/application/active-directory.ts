import { createHash } from 'node:crypto';
import type { Log, Notice, Queryable, Tx } from '@paidan/runtime';
import { directoryChanges, type DirectoryChanges } from '../domain/directory-changes.js';
import { publicationOf } from '../domain/directory-entries.js';
import { indexDirectory, type Directory, type DirectoryData } from '../domain/routing/directory.js';
import type { Boundary, BoundaryMap } from '../domain/where/boundary.js';
import { dispatchError } from '../errors.js';
import { lookAgain } from './look-again.js';

/** What a city's tables say; a version is given to it when it is published. */
export type DirectoryContent = Omit<DirectoryData, 'version'>;

export interface DirectoryVersion {
  readonly version: number;
  /** Of the entries, as published in the marker. */
  readonly hash: string;
  /** Of everything routing reads, words and areas too. */
  readonly contentHash: string;
  readonly count: number;
  readonly activeAt: Date;
  /** Who sent it; left out, it came from the folder. `agreed`: the folder has said the same since. */
  readonly imported?: { readonly by: string; readonly agreed: boolean };
}

export interface Import {
  readonly content: DirectoryContent;
  /** The version that the sender had before his eyes. */
  readonly expected: number;
  /** Number of the new version; the next one, unless it is given: after a restoration readers know higher ones than the schema does. */
  readonly version: number | undefined;
  readonly by: string;
  /** Tell what would change, and change nothing. */
  readonly dryRun: boolean;
}

export interface Imported {
  /** The version in force afterwards, or what it would be. */
  readonly version: number;
  /** False where nothing differs, or nothing was to be changed. */
  readonly published: boolean;
  readonly changes: DirectoryChanges;
}

/** Where versions are kept. */
export interface DirectoryVersions {
  /** Runs in a transaction that no other replica's can overlap; the notices are sent when it has committed. */
  alone<T>(work: (tx: Tx, notices: Notice[]) => Promise<T>): Promise<T>;
  newest(tx?: Queryable): Promise<DirectoryVersion | undefined>;
  /** Newest first. */
  latest(limit: number): Promise<readonly DirectoryVersion[]>;
  contentOf(version: number, tx?: Queryable): Promise<DirectoryContent>;
  insert(tx: Tx, version: DirectoryVersion, content: DirectoryContent): Promise<void>;
  /** Keeps that the folder says what an imported version says. */
  agree(tx: Tx, version: number): Promise<void>;
}

export interface ActiveDirectoryOptions {
  readonly versions: DirectoryVersions;
  readonly log: Log;
  readonly now: () => number;
  readonly pollMs: number;
  readonly mapOf: (boundaries: readonly Boundary[]) => BoundaryMap;
}

/** As the loader would say it: only here is it known what is in force. */
const LEFT_OUT = {
  boundaries: {
    file: 'areas.geojson',
    problem: 'was left out, but the version in force has boundaries: send them too, or a collection without features to have none',
    problemZh: '未提交，而现行版本有区划边界：请一并提交，如不再需要请提交不含要素的集合',
  },
  systems: {
    file: 'systems.csv',
    problem: 'was left out, but the version in force has systems: send them too, or the heading alone to have none',
    problemZh: '未提交，而现行版本有条线：请一并提交，如不再需要请提交只有表头的表',
  },
} as const;
const MAY_BE_ABSENT = ['boundaries', 'systems'] as const satisfies readonly (keyof typeof LEFT_OUT)[];

const hashOf = (content: DirectoryContent): string => createHash('sha256').update(JSON.stringify(content)).digest('hex');

/**
 * The directory in force: published when this process brings another one than the schema has, or a person sends one; and followed when another replica does.
 * Of replicas with different folders the one that starts last decides; during a roll-out that is the newer release. What was imported is replaced by a folder
 * only after the folder has once said the same: a restart must not bring back what a person has changed.
 */
export class ActiveDirectory {
  #active: { readonly version: DirectoryVersion; readonly directory: Directory } | undefined;
  #stop: (() => void) | undefined;

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
    this.#stop = lookAgain(this.options.pollMs, () => this.refresh(), this.options.log, 'directory');
  }

  close(): void {
    this.#stop?.();
  }

  /** Takes over a newer version, if there is one. */
  async refresh(): Promise<void> {
    const { versions, log } = this.options;
    const newest = await versions.newest();
    if (newest === undefined || newest.version === this.#active?.version.version) return;
    const content = await versions.contentOf(newest.version);
    const map = this.options.mapOf(content.boundaries ?? []);
    this.#active = { version: newest, directory: indexDirectory({ ...content, version: newest.version }, map) };
    log.info({ version: newest.version, count: newest.count }, 'directory in force');
  }

  now(): number {
    return this.options.now();
  }

  /** Versions as they came, newest first. */
  async versions(limit: number): Promise<readonly DirectoryVersion[]> {
    return this.options.versions.latest(limit);
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

  /**
   * Takes in what a person sent, as the next version: the whole of it or nothing.
   * @throws DispatchError `stale-directory` when another version came in between; `version-taken` for a number that is not higher than it;
   * `directory-invalid` where the version in force has boundaries or systems and nothing is said of them
   */
  async import({ content, expected, version: wanted, by, dryRun }: Import): Promise<Imported> {
    const { versions } = this.options;
    const imported = await versions.alone(async (tx, notices): Promise<Imported> => {
      const newest = await versions.newest(tx);
      if (newest?.version !== expected)
        throw dispatchError('stale-directory', `version ${newest?.version ?? 0} is in force, not ${expected}`, {
          extensions: { version: newest?.version ?? 0 },
        });
      if (wanted !== undefined && wanted <= expected)
        throw dispatchError('version-taken', `${wanted} is not higher than ${expected}`, { extensions: { version: expected } });
      const before = await versions.contentOf(expected, tx);
      const leftOut = MAY_BE_ABSENT.filter((what) => before[what] !== undefined && content[what] === undefined);
      if (leftOut.length > 0)
        throw dispatchError('directory-invalid', `the ${leftOut.join(' and ')} in force were left out`, {
          extensions: { problems: leftOut.map((what) => LEFT_OUT[what]) },
        });
      const changes = directoryChanges(before, content);
      const same = newest.contentHash === hashOf(content) && wanted === undefined;
      const version = same ? expected : (wanted ?? expected + 1);
      if (same || dryRun) return { version, published: false, changes };
      await this.#publish(tx, notices, content, version, { by, agreed: false });
      return { version, published: true, changes };
    });
    await this.refresh();
    return imported;
  }

  async #adopt(city: DirectoryContent): Promise<void> {
    const { versions, log } = this.options;
    const kept = await versions.alone(async (tx, notices) => {
      const newest = await versions.newest(tx);
      if (newest?.contentHash === hashOf(city)) {
        if (newest.imported?.agreed === false) await versions.agree(tx, newest.version);
        return undefined;
      }
      if (newest?.imported?.agreed === false) return newest;
      await this.#publish(tx, notices, city, (newest?.version ?? 0) + 1);
      return undefined;
    });
    if (kept !== undefined)
      log.warn(
        { version: kept.version, by: kept.imported?.by },
        'the directory in force was imported and differs from the city folder: the folder is passed over until it says the same',
      );
  }

  async #publish(
    tx: Tx,
    notices: Notice[],
    content: DirectoryContent,
    version: number,
    imported?: DirectoryVersion['imported'],
  ): Promise<void> {
    const { versions, now } = this.options;
    const { hash, count, notices: said } = publicationOf({ ...content, version });
    const kept = { version, hash, contentHash: hashOf(content), count, activeAt: new Date(now()), ...(imported && { imported }) };
    await versions.insert(tx, kept, content);
    notices.push(...said);
  }
}
