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

/** What the operators' routes need of a runtime, whatever its record. */
export interface OperatedRuntime {
  readonly definition: { readonly service: string };
  /** Of the schema: raised when it is restored from a back-up. */
  readonly epoch: number;
  readonly parking: {
    list(limit?: number): Promise<readonly ParkedTicket[]>;
    count(): Promise<number>;
    replay(ticketId: string): Promise<ReplayResult>;
  };
  readonly database: { query<Row>(sql: string, parameters?: readonly unknown[]): Promise<{ readonly rows: readonly Row[] }> };
}

/**
 * Injection token of {@link OperatedRuntime}; a service that takes {@link OperatorsController} gives its runtime under it:
 * `{ provide: OPERATED_RUNTIME, useExisting: RUNTIME }`.
 */
export const OPERATED_RUNTIME = Symbol('paidan:operated-runtime');

const MOST_PARKED = 1_000;
const MOST_SEQUENCES = 10_000;

const wrong = (pointer: string, where: 'path' | 'query', code: string, detail: string, detailZh: string): Error =>
  hostError('invalid-parameters', '1 wrong', { extensions: { errors: [{ pointer, in: where, code, detail, detailZh }] } });

const limitOf = (text: string, most: number): number => {
  const limit = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > most) throw wrong('/limit', 'query', 'limit', `must be 1 to ${most}`, `必须是 1 到 ${most} 的整数`);
  return limit;
};

const requireTicketId = (id: string, pointer: string, where: 'path' | 'query'): void => {
  if (!isUuid(id)) throw wrong(pointer, where, 'uuid', 'must be a ticket id: a UUID in lower case', '必须是工单标识（小写 UUID）');
};

/** What operators ask every service: tickets that could not be processed, letting them flow again, and how much it has said of each. */
@ApiTags('operations')
@Roles('operator')
@Controller('v1/operations')
export class OperatorsController {
  constructor(
    @Inject(OPERATED_RUNTIME) private readonly runtime: OperatedRuntime,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Get('parked')
  @ApiOperation({ summary: 'Parked tickets, oldest first: how much waits behind each, since when, and what it failed of' })
  @ApiOkResponse({ description: '`count` is of all of them' })
  @ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', minimum: 1, maximum: MOST_PARKED, default: 100 } })
  async list(@Query('limit') text = '100'): Promise<object> {
    const limit = limitOf(text, MOST_PARKED);
    const { parking } = this.runtime;
    const [tickets, count] = await Promise.all([parking.list(limit), parking.count()]);
    // The message is an error's, which may quote what it choked on.
    return { count, tickets: tickets.map((ticket) => ({ ...ticket, errorMessage: scrubText(ticket.errorMessage) })) };
  }

  @Post('parked/:ticketId/replay')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Process what waits for a ticket, in order',
    description: 'Ends at the first record that fails again: `remaining` is 0 when the ticket flows, else `error` says why it does not.',
  })
  @ApiOkResponse({ description: 'How far it came' })
  @ApiParam({ name: 'ticketId', schema: { type: 'string', format: 'uuid' } })
  async replay(@Param('ticketId') ticketId: string, @CurrentCaller() caller: PersonCaller): Promise<object> {
    requireTicketId(ticketId, '/ticketId', 'path');
    const { error, ...result } = await this.runtime.parking.replay(ticketId);
    this.logger.warn({ ...result, code: error?.code, by: caller.sub }, 'parked ticket replayed');
    return { ...result, ...(error === undefined ? {} : { error: { code: error.code, message: scrubText(error.message) } }) };
  }

  @Get('sequences')
  @ApiOperation({
    summary: 'The number of the last event that this service has said of each ticket, by ticket id',
    description:
      'For the audit: whoever hears everything must have heard each ticket up to this number. Tickets of which it has said nothing are left out. `next` is the `after` of the next page.',
  })
  @ApiOkResponse({ description: 'A page; `epoch` is that in which the service speaks now' })
  @ApiQuery({ name: 'after', required: false, schema: { type: 'string', format: 'uuid' } })
  @ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', minimum: 1, maximum: MOST_SEQUENCES, default: 1_000 } })
  async sequences(@Query('after') after?: string, @Query('limit') text = '1000'): Promise<object> {
    const limit = limitOf(text, MOST_SEQUENCES);
    if (after !== undefined) requireTicketId(after, '/after', 'query');
    const { definition, epoch, database } = this.runtime;
    const { rows: tickets } = await database.query<{ ticketId: string; sequence: number }>(
      `select ticket_id as "ticketId", sequence from ticket where ticket_id > $1::uuid and sequence > 0 order by ticket_id limit $2`,
      [after ?? '00000000-0000-0000-0000-000000000000', limit],
    );
    const next = tickets.length === limit ? tickets.at(-1)?.ticketId : undefined;
    return { service: definition.service, epoch, tickets, ...(next === undefined ? {} : { next }) };
  }
}
