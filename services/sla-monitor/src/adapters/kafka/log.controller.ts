import { Controller, Inject } from '@nestjs/common';
import { LogHandler, type LogBatch } from '@paidan/runtime';
import { RUNTIME, type ClocksRuntime } from '../definition.js';

@Controller()
export class LogController {
  constructor(@Inject(RUNTIME) private readonly runtime: ClocksRuntime) {}

  @LogHandler('paidan.tickets')
  tickets(batch: LogBatch): Promise<unknown> {
    return this.runtime.reactor.batch(batch);
  }
}
