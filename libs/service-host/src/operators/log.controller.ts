import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, Roles } from '../auth/access.js';
import type { PersonCaller } from '../auth/caller.js';
import { LOGGER } from '../bootstrap.js';
import { Refuses } from '../http/refusals.js';
import type { Logger } from '../logging/logger.js';
import { OPERATED_RUNTIME, type OperatedRuntime } from './operated-runtime.js';
import { HeldView, Republish, SaidAgainView, TakenLogView } from './shapes.js';

/** After Kafka, or a topic, was lost and made anew: three steps, each in every service before the next. `paidan republish` takes them. */
@ApiTags('operations')
@Roles('operator')
@Controller('v1/operations/log')
export class LogController {
  constructor(
    @Inject(OPERATED_RUNTIME) private readonly runtime: OperatedRuntime,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Post('hold')
  @Refuses('log-unavailable')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Send nothing from now on',
    description: 'What is said waits in the outbox until `republish` has put what was said before in front of it. Harmless to repeat.',
  })
  @ApiOkResponse({ type: HeldView })
  async hold(@CurrentCaller() { sub: by }: PersonCaller): Promise<HeldView> {
    const since = await this.runtime.lostLog.hold();
    this.logger.warn({ by, since }, 'log held: nothing is sent');
    return { since: since.toISOString() };
  }

  @Post('take')
  @Refuses('log-not-held', 'topic-missing', 'log-unavailable')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Go on with the log as it is now',
    description:
      'Positions that mean nothing in it are put anew: `paidan.tickets` at its end, strangers’ topics at their beginning; positions that fit stay. Waits until no replica sends any more (6 s after `hold`).',
  })
  @ApiOkResponse({ type: TakenLogView })
  async take(@CurrentCaller() { sub: by }: PersonCaller): Promise<TakenLogView> {
    const { cluster, topics } = await this.runtime.lostLog.take();
    this.logger.warn({ by, cluster, topics }, 'log taken');
    return { cluster, topics: [...topics] };
  }

  @Post('republish')
  @Refuses('log-not-held', 'log-not-taken', 'log-unavailable')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Say once more what was said since an instant, and end the hold',
    description:
      'Under the numbers and ids of the first time, so that whoever has heard it discards it. What was said is kept for seven days. Only once every service has taken the log.',
  })
  @ApiOkResponse({ type: SaidAgainView })
  async republish(@Body() { since }: Republish, @CurrentCaller() { sub: by }: PersonCaller): Promise<SaidAgainView> {
    const said = await this.runtime.lostLog.republish(Date.parse(since));
    this.logger.warn({ by, since, ...said }, 'said once more');
    return said;
  }
}
