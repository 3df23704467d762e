import { Controller } from '@nestjs/common';
import { LogHandler, type LogBatch } from '@paidan/runtime';
import { LogDesk } from '../../application/take-from-log.js';

@Controller()
export class SubmissionsLogController {
  constructor(private readonly desk: LogDesk) {}

  @LogHandler('paidan.submissions.*')
  async submissions(batch: LogBatch): Promise<true> {
    await this.desk.take(batch);
    return true;
  }
}
