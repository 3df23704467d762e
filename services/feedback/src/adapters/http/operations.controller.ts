import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, LOGGER, Refuses, Roles, type Logger, type PersonCaller } from '@paidan/service-host';
import { feedbackError } from '../../errors.js';
import { RUNTIME, type FeedbackRuntime } from '../definition.js';
import { TrailTable } from '../postgres/trail-table.js';
import { GapList, GapParams, GapSettled, GapSettlement, GapsQuery, HeardPage, HeardQuery } from './shapes.js';

const HEARD_PAGE = 1_000;
const GAPS_PAGE = 100;

/** Whether the trail is whole. */
@ApiTags('operations')
@Roles('operator')
@Controller('v1/operations')
export class OperationsController {
  constructor(
    private readonly table: TrailTable,
    @Inject(RUNTIME) private readonly runtime: FeedbackRuntime,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Get('heard')
  @ApiOperation({
    summary: 'What lies in the trail of each ticket, by ticket id: of each service the newest number, and how many',
    description:
      'For the audit, beside the `sequences` of every service. Out of the trail itself: `count` is less than `sequence` where something is missing. `next` is the `after` of the next page.',
  })
  @ApiOkResponse({ type: HeardPage })
  async heard(@Query() { after, limit = HEARD_PAGE }: HeardQuery): Promise<HeardPage> {
    const tickets = await this.table.heard(after, limit);
    const next = tickets.length === limit ? tickets.at(-1)?.ticketId : undefined;
    return { tickets, ...(next === undefined ? {} : { next }) };
  }

  @Get('gaps')
  @ApiOperation({ summary: 'Numbers of services that never came and that nobody has settled, oldest first' })
  @ApiOkResponse({ type: GapList })
  async gaps(@Query() { limit = GAPS_PAGE }: GapsQuery): Promise<GapList> {
    const [gaps, counts] = await Promise.all([this.table.openGaps(limit), this.table.gapCounts()]);
    return { ...counts, gaps: gaps.map(({ id, foundAt, ...gap }) => ({ gap: id, ...gap, foundAt: foundAt.toISOString() })) };
  }

  @Post('gaps/:gap/settlement')
  @Refuses('unknown-gap')
  @HttpCode(200)
  @ApiOperation({
    summary: 'A person has found out what became of the missing numbers',
    description: 'The gap stays on record, with who settled it and how; the service is not degraded by it any longer.',
  })
  @ApiOkResponse({ type: GapSettled })
  async settle(@Param() { gap }: GapParams, @Body() { note }: GapSettlement, @CurrentCaller() { sub }: PersonCaller): Promise<GapSettled> {
    const settled = await this.table.settleGap(gap, sub, note, this.runtime.parts.clock.now());
    if (!settled) throw feedbackError('unknown-gap', `there is no open gap ${gap}`);
    this.logger.warn({ gap, by: sub }, 'gap in the trail settled');
    return { gap, settled };
  }
}
