import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, Roles } from '../auth/access.js';
import type { PersonCaller } from '../auth/caller.js';
import { LOGGER } from '../bootstrap.js';
import { hostError } from '../errors.js';
import { Refuses } from '../http/refusals.js';
import type { Logger } from '../logging/logger.js';
import { OPERATED_RUNTIME, type OperatedRuntime } from './operated-runtime.js';
import { discardedOf, failureOf, replayOf, waitingOf } from './present.js';
import { DiscardRecord, DiscardView, ListQuery, ParkedList, ReplayView, WaitingList } from './shapes.js';
import { TicketParams } from '../http/ticket-params.js';

const PAGE = 100;

/** Tickets that could not be processed: why, letting them flow again, and throwing away what never will. */
@ApiTags('operations')
@Roles('operator')
@Controller('v1/operations/parked')
export class ParkedController {
  constructor(
    @Inject(OPERATED_RUNTIME) private readonly runtime: OperatedRuntime,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Parked tickets, oldest first: how much waits behind each, since when, and what it failed of' })
  @ApiOkResponse({ type: ParkedList })
  async list(@Query() { limit = PAGE }: ListQuery): Promise<ParkedList> {
    const { parking } = this.runtime;
    const [tickets, count] = await Promise.all([parking.list(limit), parking.count()]);
    return {
      count,
      tickets: tickets.map(({ since, errorCode, errorMessage, ...ticket }) => ({
        ...ticket,
        since: since.toISOString(),
        errorCode,
        errorMessage: failureOf({ code: errorCode, message: errorMessage }).message,
      })),
    };
  }

  @Get(':ticketId')
  @Refuses('nothing-parked')
  @ApiOperation({
    summary: 'What waits for a ticket, in order',
    description: 'Where each record lies and what it is; nothing of what is written in it.',
  })
  @ApiOkResponse({ type: WaitingList })
  async show(@Param() { ticketId }: TicketParams, @Query() { limit = PAGE }: ListQuery): Promise<WaitingList> {
    const { count, records } = await this.runtime.parking.waiting(ticketId, limit);
    if (count === 0) throw hostError('nothing-parked', `ticket ${ticketId} has nothing parked`);
    return { ticketId, count, records: records.map(waitingOf) };
  }

  @Post(':ticketId/replay')
  @Refuses('nothing-parked')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Process what waits for a ticket, in order',
    description: 'Ends at the first record that fails again: `remaining` is 0 when the ticket flows, else `error` says why it does not.',
  })
  @ApiOkResponse({ type: ReplayView })
  async replay(@Param() { ticketId }: TicketParams, @CurrentCaller() caller: PersonCaller): Promise<ReplayView> {
    const { error, ...result } = await this.runtime.parking.replay(ticketId);
    this.logger.warn({ ...result, code: error?.code, by: caller.sub }, 'parked ticket replayed');
    return replayOf({ ...result, ...(error === undefined ? {} : { error }) });
  }

  @Post(':ticketId/discard')
  @Refuses('nothing-parked', 'not-first', 'not-failed')
  @HttpCode(200)
  @ApiOperation({
    summary: '撤除: throw away the record that a ticket waits for, and process what waits behind it',
    description:
      'For what no release will ever process. The record is kept, with the reason and who gave it, and its number counts as handled; a unit whose command it was is told that it is refused (`discarded`). Ordered twice, it is done once: the second is answered with what the first did. 409 `not-first` where another record is first by now, `not-failed` where nobody has tried it yet.',
  })
  @ApiOkResponse({ type: DiscardView })
  async discard(
    @Param() { ticketId }: TicketParams,
    @Body() { record, reason }: DiscardRecord,
    @CurrentCaller() { sub: by }: PersonCaller,
  ): Promise<DiscardView> {
    const { discarded, replay } = await this.runtime.parking.discard({ ticketId, record, reason, by });
    const { topic, partition, offset, type, error, handled } = discarded;
    const { replayed, remaining } = replay;
    // The reason stands beside the record; it is words of a person, and who ordered it second has changed nothing.
    const fields = { ticketId, record, topic, partition, offset, type, code: error.code, handled, replayed, remaining };
    this.logger.warn({ ...fields, by, discardedBy: discarded.by }, 'record of a parked ticket discarded');
    return { discarded: discardedOf(discarded), replay: replayOf(replay) };
  }
}
