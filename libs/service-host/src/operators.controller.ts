import { Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { ParkedTicket, ReplayResult } from '@paidan/runtime';
import { isUuid } from '@paidan/kernel';
import { CurrentCaller, Roles } from './auth/access.js';
import type { PersonCaller } from './auth/caller.js';
import { LOGGER } from './bootstrap.js';
import { hostError } from './errors.js';
import type { Logger } from './logging/logger.js';
import { scrubText } from './logging/scrub.js';

/** What the operators' routes need of a runtime: its `parking`. */
export interface ParkedTickets {
  list(limit?: number): Promise<readonly ParkedTicket[]>;
  count(): Promise<number>;
  replay(ticketId: string): Promise<ReplayResult>;
}

/** Injection token of {@link ParkedTickets}; a service that takes {@link OperatorsController} provides its runtime's `parking` under it. */
export const PARKED_TICKETS = Symbol('paidan:parked-tickets');

const MOST = 1_000;

const wrong = (pointer: string, where: 'path' | 'query', code: string, detail: string, detailZh: string): Error =>
  hostError('invalid-parameters', '1 wrong', { extensions: { errors: [{ pointer, in: where, code, detail, detailZh }] } });

/** Tickets that could not be processed, and letting them flow again once the cause is gone; the same in every service. */
@ApiTags('operations')
@Roles('operator')
@Controller('v1/operations/parked')
export class OperatorsController {
  constructor(
    @Inject(PARKED_TICKETS) private readonly parked: ParkedTickets,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Parked tickets, oldest first: how much waits behind each, since when, and what it failed of' })
  @ApiOkResponse({ description: '`count` is of all of them' })
  @ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', minimum: 1, maximum: MOST, default: 100 } })
  async list(@Query('limit') text = '100'): Promise<object> {
    const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
    if (limit < 1 || limit > MOST) throw wrong('/limit', 'query', 'limit', `must be 1 to ${MOST}`, `必须是 1 到 ${MOST} 的整数`);
    const [tickets, count] = await Promise.all([this.parked.list(limit), this.parked.count()]);
    // The message is an error's, which may quote what it choked on.
    return { count, tickets: tickets.map((ticket) => ({ ...ticket, errorMessage: scrubText(ticket.errorMessage) })) };
  }

  @Post(':ticketId/replay')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Process what waits for a ticket, in order',
    description: 'Ends at the first record that fails again: `remaining` is 0 when the ticket flows, else `error` says why it does not.',
  })
  @ApiOkResponse({ description: 'How far it came' })
  @ApiParam({ name: 'ticketId', schema: { type: 'string', format: 'uuid' } })
  async replay(@Param('ticketId') ticketId: string, @CurrentCaller() caller: PersonCaller): Promise<object> {
    if (!isUuid(ticketId))
      throw wrong('/ticketId', 'path', 'uuid', 'must be a ticket id: a UUID in lower case', '必须是工单标识（小写 UUID）');
    const { error, ...result } = await this.parked.replay(ticketId);
    this.logger.warn({ ...result, code: error?.code, by: caller.sub }, 'parked ticket replayed');
    return { ...result, ...(error === undefined ? {} : { error: { code: error.code, message: scrubText(error.message) } }) };
  }
}
