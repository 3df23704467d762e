import { Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, Roles } from '../auth/access.js';
import type { PersonCaller } from '../auth/caller.js';
import { LOGGER } from '../bootstrap.js';
import { hostError } from '../errors.js';
import { Refuses } from '../http/refusals.js';
import type { Logger } from '../logging/logger.js';
import { OPERATED_RUNTIME, type OperatedRuntime } from './operated-runtime.js';
import { RestorationView, RetoldShape } from './shapes.js';

/** A schema that was restored from a back-up: what the log gave back, and what it could not. */
@ApiTags('operations')
@Roles('operator')
@Controller('v1/operations/restoration')
export class RestorationController {
  constructor(
    @Inject(OPERATED_RUNTIME) private readonly runtime: OperatedRuntime,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Get()
  @Refuses('never-restored')
  @ApiOperation({ summary: 'The last time that this service was restored from a back-up: what the log gave back, and what is lost' })
  @ApiOkResponse({ type: RestorationView })
  async show(): Promise<RestorationView> {
    return this.last();
  }

  @Post('history')
  @Refuses('history-not-wanted', 'history-out-of-date', 'log-unavailable')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Fill an empty schema with the story that was told again',
    description:
      'What `POST /v1/operations/retellings` of feedback came to. The service folds it before the log, and goes on by itself. `paidan fill` does both.',
  })
  @ApiAcceptedResponse({ type: RestorationView })
  async fill(@Body() retold: RetoldShape, @CurrentCaller() { sub: by }: PersonCaller): Promise<RestorationView> {
    await this.runtime.restoration.takeHistory(retold);
    this.logger.warn({ by, cluster: retold.cluster }, 'filled with what was told again');
    return this.last();
  }

  private async last(): Promise<RestorationView> {
    const { definition, epoch, database, restoration } = this.runtime;
    const last = await restoration.last();
    if (last === undefined) throw hostError('never-restored', 'this schema was never restored');
    const { begunAt, endedAt, ...counts } = last;
    const lost = (await definition.lost?.(database)) ?? [];
    return {
      service: definition.service,
      epoch,
      begunAt: begunAt.toISOString(),
      ...(endedAt === undefined ? {} : { endedAt: endedAt.toISOString() }),
      ...counts,
      lost: lost.map(({ what, count, tickets }) => ({ what, count, tickets: [...tickets] })),
    };
  }
}
