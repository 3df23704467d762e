import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Roles } from '../auth/access.js';
import { hostError } from '../errors.js';
import { Refuses } from '../http/refusals.js';
import { OPERATED_RUNTIME, type OperatedRuntime } from './operated-runtime.js';
import { RestorationView } from './shapes.js';

/** A schema that was restored from a back-up: what the log gave back, and what it could not. */
@ApiTags('operations')
@Roles('operator')
@Controller('v1/operations/restoration')
export class RestorationController {
  constructor(@Inject(OPERATED_RUNTIME) private readonly runtime: OperatedRuntime) {}

  @Get()
  @Refuses('never-restored')
  @ApiOperation({ summary: 'The last time that this service was restored from a back-up: what the log gave back, and what is lost' })
  @ApiOkResponse({ type: RestorationView })
  async show(): Promise<RestorationView> {
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
