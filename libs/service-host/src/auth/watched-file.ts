import { readFileSync, statSync, type Stats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { hostError } from '../errors.js';
import type { HealthSource, HealthState } from '../health.js';
import type { Logger } from '../logging/logger.js';

/** How often the file is looked at. A revoked key stops working within this time. */
const LOOK_EVERY_MS = 2_000;

export interface WatchedFileOptions<T> {
  readonly path: string;
  /** What it is, in words: «API key file». */
  readonly what: string;
  /** @throws Error saying what is wrong with the content. */
  readonly parse: (text: string) => T;
  readonly onChange?: () => void;
  readonly logger: Logger;
  readonly everyMs?: number;
}

/**
 * A file whose parsed content is at hand without waiting and follows the file. Polling by modification time and size instead of `fs.watch`:
 * Kubernetes swaps a symbolic link to change a mounted secret, which a watch of the file never sees. A file that turns bad later keeps the last
 * good content and degrades the service; one that is bad at start fails it.
 */
export class WatchedFile<T> implements HealthSource {
  readonly name: string;
  readonly affects = 'degraded';
  #content: T;
  #seen: string;
  #problem: string | undefined;
  readonly #timer: NodeJS.Timeout;

  constructor(private readonly options: WatchedFileOptions<T>) {
    this.name = options.what;
    try {
      // Looked at before it is read: a change in between is seen as one later.
      this.#seen = fingerprint(statSync(options.path));
      this.#content = options.parse(readFileSync(options.path, 'utf8'));
    } catch (cause) {
      throw hostError('key-file-invalid', `${options.what} ${options.path}: ${reason(cause)}`, { cause });
    }
    this.#timer = setInterval(() => void this.refresh(), options.everyMs ?? LOOK_EVERY_MS).unref();
  }

  get content(): T {
    return this.#content;
  }

  /** Looks now. */
  async refresh(): Promise<void> {
    try {
      const seen = fingerprint(await stat(this.options.path));
      if (seen === this.#seen) {
        this.#problem = undefined;
        return;
      }
      this.#content = this.options.parse(await readFile(this.options.path, 'utf8'));
      this.#seen = seen;
      this.#problem = undefined;
      this.options.onChange?.();
      this.options.logger.info({ file: this.options.path }, `${this.options.what} read again`);
    } catch (cause) {
      const problem = reason(cause);
      if (problem !== this.#problem)
        this.options.logger.error({ file: this.options.path, reason: problem }, `${this.options.what} kept as it was`);
      this.#problem = problem;
    }
  }

  check(): HealthState {
    return this.#problem === undefined ? { ok: true } : { ok: false, detail: this.#problem };
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

const fingerprint = ({ mtimeMs, size, ino }: Stats): string => `${mtimeMs} ${size} ${ino}`;

// Of a syntax error only that it is one: V8 quotes the text, and these files hold keys.
const reason = (cause: unknown): string =>
  cause instanceof SyntaxError
    ? 'is not valid JSON'
    : cause instanceof Error
      ? ('code' in cause && String(cause.code)) || cause.message
      : 'unreadable';
