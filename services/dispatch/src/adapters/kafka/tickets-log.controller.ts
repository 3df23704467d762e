import { Controller, Inject } from '@nestjs/common';
import { TICKETS_TOPIC } from '@paidan/contracts';
import { LogHandler, type LogBatch } from '@paidan/runtime';
import { RUNTIME, type DispatchRuntime } from '../definition.js';

@Controller()
export class TicketsLogController {
  constructor(@Inject(RUNTIME) private readonly runtime: DispatchRuntime) {}

  @LogHandler(TICKETS_TOPIC)
  handle(batch: LogBatch): Promise<unknown> {
    return this.runtime.reactor.batch(batch);
  }
}
