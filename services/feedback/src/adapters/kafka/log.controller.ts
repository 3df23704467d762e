import { Controller, Inject } from '@nestjs/common';
import { LogHandler, type LogBatch } from '@paidan/runtime';
import { Courier } from '../../application/courier.js';
import { RUNTIME, type FeedbackRuntime } from '../definition.js';
import { keepNames } from '../postgres/directory-names.js';
import { decodeName, type DirectoryName } from './decode-name.js';

/** What comes over the log: everything about tickets, and the names of units and matters. */
@Controller()
export class LogController {
  constructor(
    @Inject(RUNTIME) private readonly runtime: FeedbackRuntime,
    private readonly courier: Courier,
  ) {}

  @LogHandler('paidan.tickets')
  async tickets(batch: LogBatch): Promise<unknown> {
    const result = await this.runtime.reactor.batch(batch);
    if (result?.tickets.some(({ row }) => row.record?.status === 'answered')) this.courier.wake();
    return result;
  }

  @LogHandler('paidan.directory')
  async published(batch: LogBatch): Promise<unknown> {
    const names = batch.slices.flatMap(({ records }) =>
      records.flatMap((record): DirectoryName[] => {
        const decoded = decodeName(record);
        return decoded.kind === 'name' ? [decoded.name] : [];
      }),
    );
    return this.runtime.reactor.batch(batch, names.length === 0 ? undefined : async (tx) => keepNames(tx, names));
  }
}
