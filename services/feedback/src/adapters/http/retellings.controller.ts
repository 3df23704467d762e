import { Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, LOGGER, Refuses, Roles, type Logger, type PersonCaller } from '@paidan/service-host';
import { Retelling, type RetellingState } from '../../application/retelling.js';
import { RetellingParams, RetellingView } from './shapes.js';

/** Every ticket's story, once more, for a service that has lost its own. */
@ApiTags('operations')
@Roles('operator')
@Controller('v1/operations/retellings')
export class RetellingsController {
  constructor(
    private readonly retelling: Retelling,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Post()
  @Refuses('retelling-under-way', 'trail-unfinished', 'topic-missing', 'restoring', 'log-unavailable')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Tell every ticket’s whole story again, in `paidan.tickets.retold`',
    description:
      'For a service, or a stranger, that begins with nothing when the log no longer has the city’s first tickets. Events come as they were said, with their first ids and numbers, each ticket’s in one order; `positions` tell where `paidan.tickets` goes on from it. `paidan fill` has a service filled with it.',
  })
  @ApiAcceptedResponse({ type: RetellingView })
  async begin(@CurrentCaller() { sub: by }: PersonCaller): Promise<RetellingView> {
    const begun = await this.retelling.begin(by);
    this.logger.warn({ by, retelling: begun.id }, 'telling the story again');
    return viewOf(begun);
  }

  @Get(':retelling')
  @Refuses('unknown-retelling')
  @ApiOperation({ summary: 'How far a retelling is, and what came of it' })
  @ApiOkResponse({ type: RetellingView })
  async show(@Param() { retelling }: RetellingParams): Promise<RetellingView> {
    return viewOf(await this.retelling.find(retelling));
  }
}

const viewOf = ({ id, begunAt, endedAt, retold, ...state }: RetellingState): RetellingView => ({
  retelling: id,
  begunAt: begunAt.toISOString(),
  ...state,
  ...(endedAt === undefined ? {} : { endedAt: endedAt.toISOString() }),
  ...(retold === undefined ? {} : { retold: { ...retold, stretches: [...retold.stretches], positions: [...retold.positions] } }),
});
