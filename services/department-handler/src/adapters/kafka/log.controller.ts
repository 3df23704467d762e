import { Controller, Inject } from '@nestjs/common';
import { LogHandler, RetryLater, type LogBatch } from '@paidan/runtime';
import { RUNTIME, type WorkRuntime } from '../definition.js';
import { DirectoryInForce, takeDirectory } from '../postgres/directory-store.js';
import { decodeDirectory, type KeptMessage } from './decode-directory.js';

/** What comes over the log: tickets, the units' commands, the directory. */
@Controller()
export class LogController {
  constructor(
    @Inject(RUNTIME) private readonly runtime: WorkRuntime,
    private readonly directory: DirectoryInForce,
  ) {}

  @LogHandler('paidan.tickets')
  async tickets(batch: LogBatch): Promise<unknown> {
    try {
      return await this.runtime.reactor.batch(batch);
    } catch (error) {
      // With several instances one alone reads the directory; the others find it in Postgres when an assignment names it.
      if (error instanceof RetryLater) await this.directory.refresh(this.runtime.database);
      throw error;
    }
  }

  @LogHandler('paidan.commands.*')
  async commands(batch: LogBatch): Promise<unknown> {
    return this.runtime.reactor.batch(batch);
  }

  @LogHandler('paidan.directory')
  async published(batch: LogBatch): Promise<unknown> {
    const messages = batch.slices.flatMap(({ records }) =>
      records.flatMap((record): KeptMessage[] => {
        const decoded = decodeDirectory(record);
        return decoded.kind === 'message' ? [decoded.message] : [];
      }),
    );
    const { log } = this.runtime.parts;
    const result = await this.runtime.reactor.batch(batch, messages.length === 0 ? undefined : (tx) => takeDirectory(tx, messages, log));
    if (messages.some(({ type }) => type === 'directory.published')) await this.directory.refresh(this.runtime.database);
    return result;
  }
}
