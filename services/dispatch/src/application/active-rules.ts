import type { RuleSetV1 } from '@paidan/contracts';
import type { Log, Queryable, Tx } from '@paidan/runtime';
import { createHash } from 'node:crypto';
import { checkReferences } from '../domain/rules/check-references.js';
import { checkRules } from '../domain/rules/check.js';
import { compileRules, type CompiledRules } from '../domain/rules/compile.js';
import type { RuleWorld } from '../domain/rules/document.js';
import { BY_TIME, reporter, type RuleProblem } from '../domain/rules/problems.js';
import { dispatchError } from '../errors.js';
import { lookAgain } from './look-again.js';

/** One kept set of rules; what it says never changes. */
export interface RuleSetVersion {
  readonly version: number;
  readonly name: string;
  readonly note?: string;
  /** How many rules. */
  readonly rules: number;
  /** Of the document. */
  readonly hash: string;
  readonly createdAt: Date;
  readonly createdBy: string;
  /** The directory that it was checked against. */
  readonly directoryVersion: number;
}

/** A version put in force; the newest one of these counts. */
export interface Publication {
  readonly publication: number;
  readonly version: number;
  readonly publishedAt: Date;
  readonly publishedBy: string;
  readonly note?: string;
}

/** Where sets of rules are kept. */
export interface RuleSetShelf {
  /** Runs in a transaction that no other replica's can overlap. */
  alone<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  newest(tx: Queryable): Promise<number>;
  inForce(tx?: Queryable): Promise<Publication | undefined>;
  find(version: number, tx?: Queryable): Promise<RuleSetVersion | undefined>;
  documentOf(version: number, tx?: Queryable): Promise<RuleSetV1>;
  keep(tx: Tx, version: RuleSetVersion, document: RuleSetV1): void;
  publish(tx: Tx, publication: Publication): void;
}

export interface ActiveRulesOptions {
  readonly shelf: RuleSetShelf;
  /** The directory in force and what else rules refer to. */
  readonly world: () => RuleWorld;
  readonly log: Log;
  readonly now: () => number;
  readonly pollMs: number;
}

/** Who wants what put in force. */
export interface Submission {
  readonly by: string;
  /** The version in force that the person was shown, 0 for none. */
  readonly expectedVersion: number;
}

interface InForce {
  readonly publication: Publication | undefined;
  readonly document: RuleSetV1;
  readonly compiled: CompiledRules;
  readonly dead: readonly RuleProblem[];
}

const NO_RULES: RuleSetV1 = { name: '', rules: [] };
const hashOf = (document: RuleSetV1): string => createHash('sha256').update(JSON.stringify(document)).digest('hex');

/**
 * The rules in force: the version published last, compiled for the directory in force, whichever of the two is newer. Every replica follows within the
 * poll interval; a set that doesn't pass the check changes nothing anywhere.
 */
export class ActiveRules {
  #inForce: InForce | undefined;
  #stop: (() => void) | undefined;

  constructor(private readonly options: ActiveRulesOptions) {}

  /** For decisions; without a published set, one with no rules. */
  get rules(): CompiledRules {
    return this.#current.compiled;
  }

  get publication(): Publication | undefined {
    return this.#current.publication;
  }

  get document(): RuleSetV1 {
    return this.#current.document;
  }

  /** What the rules in force name and the directory no longer has: passed over where they apply. */
  get dead(): readonly RuleProblem[] {
    return this.#current.dead;
  }

  /** Compiled anew when the directory is another one: rules and directory of a decision belong together. */
  get #current(): InForce {
    const known = this.#inForce;
    if (known !== undefined && known.compiled.world.directory === this.options.world().directory) return known;
    return this.#put(known?.publication, known?.document ?? NO_RULES);
  }

  /** @throws RangeError where there is no such version */
  documentOf(version: number): Promise<RuleSetV1> {
    return this.options.shelf.documentOf(version);
  }

  async keptDocument(version: number): Promise<RuleSetV1 | undefined> {
    const { shelf } = this.options;
    return (await shelf.find(version)) === undefined ? undefined : shelf.documentOf(version);
  }

  /** @param first published as version 1 where the schema has no set yet; asked for only then */
  async open(first: () => Promise<RuleSetV1 | undefined>): Promise<void> {
    const { shelf, log, pollMs } = this.options;
    if ((await shelf.inForce()) === undefined) {
      const document = await first();
      if (document !== undefined) await this.#adopt(document);
    }
    await this.refresh();
    this.#stop = lookAgain(pollMs, () => this.refresh(), log, 'set of rules');
  }

  close(): void {
    this.#stop?.();
  }

  /** Takes over what was published since, if anything was. */
  async refresh(): Promise<void> {
    const { shelf, log } = this.options;
    const newest = await shelf.inForce();
    if (newest === undefined || newest.publication === this.#inForce?.publication?.publication) return;
    this.#put(newest, await shelf.documentOf(newest.version));
    log.info({ version: newest.version, publication: newest.publication, rules: this.rules.rules.length }, 'rules in force');
  }

  /** @throws PaidanError `rule-set-invalid` naming every problem */
  check(document: RuleSetV1, passing: ReadonlySet<string> = new Set()): RuleSetV1 {
    const { world, now } = this.options;
    const checked = checkRules(document, world(), now());
    const problems = checked.problems.filter(({ code }) => !passing.has(code));
    if (problems.length === 0 && checked.document !== undefined) return checked.document;
    const errors = problems.map(({ pointer, ...problem }) => ({ pointer: `/document${pointer}`, ...problem }));
    throw dispatchError('rule-set-invalid', `${problems.length} wrong`, { extensions: { errors } });
  }

  /** Ready to decide, for the directory in force, and in force nowhere. @throws PaidanError `rule-set-invalid` as {@link check} */
  compile(document: RuleSetV1, passing?: ReadonlySet<string>): CompiledRules {
    return compileRules(this.check(document, passing), this.options.world());
  }

  /** Keeps a set without putting it in force. */
  async draft(document: RuleSetV1, by: string): Promise<RuleSetVersion> {
    const checked = this.check(document);
    return this.options.shelf.alone((tx) => this.#keep(tx, checked, by));
  }

  /**
   * Keeps a set and puts it in force; the one in force sent again stays what it is.
   * @throws PaidanError `stale-rule-set` with the version in force
   */
  async publish(document: RuleSetV1, { by, expectedVersion }: Submission): Promise<Publication> {
    const checked = this.check(document);
    const published = await this.options.shelf.alone(async (tx) => {
      const { shelf } = this.options;
      const before = await shelf.inForce(tx);
      if (before !== undefined && (await shelf.find(before.version, tx))?.hash === hashOf(checked)) return before;
      this.#demand(expectedVersion, before);
      const { version } = await this.#keep(tx, checked, by);
      return this.#enforce(tx, version, before, { by });
    });
    await this.refresh();
    return published;
  }

  /**
   * Puts a kept version in force: a draft, or an earlier one. It must pass the check of today, but that a rule of it has ended hinders nobody from going back.
   * @throws PaidanError `no-rule-set`, `rule-set-invalid`, `stale-rule-set`
   */
  async publishVersion(
    version: number,
    { by, expectedVersion, note }: Submission & { readonly note?: string | undefined },
  ): Promise<Publication> {
    const { shelf } = this.options;
    if ((await shelf.find(version)) === undefined) throw dispatchError('no-rule-set', `there is no version ${version}`);
    this.check(await shelf.documentOf(version), BY_TIME);
    const published = await shelf.alone(async (tx) => {
      const before = await shelf.inForce(tx);
      if (before?.version === version) return before;
      this.#demand(expectedVersion, before);
      return this.#enforce(tx, version, before, { by, ...(note === undefined ? {} : { note }) });
    });
    await this.refresh();
    return published;
  }

  #demand(expectedVersion: number, before: Publication | undefined): void {
    const version = before?.version ?? 0;
    if (version === expectedVersion) return;
    throw dispatchError('stale-rule-set', `version ${version} is in force, not ${expectedVersion}`, { extensions: { state: { version } } });
  }

  async #adopt(document: RuleSetV1): Promise<void> {
    const { shelf } = this.options;
    await shelf.alone(async (tx) => {
      if ((await shelf.inForce(tx)) !== undefined) return;
      const { version } = await this.#keep(tx, document, 'city');
      this.#enforce(tx, version, undefined, { by: 'city' });
    });
  }

  async #keep(tx: Tx, document: RuleSetV1, by: string): Promise<RuleSetVersion> {
    const { shelf, now, world } = this.options;
    const kept: RuleSetVersion = {
      version: (await shelf.newest(tx)) + 1,
      name: document.name,
      ...(document.note === undefined ? {} : { note: document.note }),
      rules: document.rules.length,
      hash: hashOf(document),
      createdAt: new Date(now()),
      createdBy: by,
      directoryVersion: world().directory.version,
    };
    shelf.keep(tx, kept, document);
    return kept;
  }

  #enforce(tx: Tx, version: number, before: Publication | undefined, { by, note }: { by: string; note?: string }): Publication {
    const publication: Publication = {
      publication: (before?.publication ?? 0) + 1,
      version,
      publishedAt: new Date(this.options.now()),
      publishedBy: by,
      ...(note === undefined ? {} : { note }),
    };
    this.options.shelf.publish(tx, publication);
    return publication;
  }

  #put(publication: Publication | undefined, document: RuleSetV1): InForce {
    const { world, now, log } = this.options;
    const at = world();
    const problems: RuleProblem[] = [];
    checkReferences(
      document.rules.map((rule, position) => ({ rule, at: position })),
      at,
      now(),
      reporter(problems),
    );
    const dead = problems.filter(({ code }) => !BY_TIME.has(code));
    const inForce = (this.#inForce = { publication, document, compiled: compileRules(document, at), dead });
    if (dead.length === 0) return inForce;
    const first = dead.slice(0, 20).map(({ rule, pointer, code, detail }) => ({ rule, pointer, code, detail }));
    log.warn(
      { version: publication?.version, directory: at.directory.version, dead: dead.length, first },
      'rules in force refer to what is gone',
    );
    return inForce;
  }
}
