import { Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { ParkedTicket, ReplayResult } from '@paidan/runtime';
import { CurrentCaller, Roles } from './auth/access.js';
import type { PersonCaller } from './auth/caller.js';
import { LOGGER } from './bootstrap.js';
import { Refuses } from './http/refusals.js';
import { ParkedList, ParkedParams, ParkedQuery, type ParkedShown, ReplayShown, SequencePage, SequencesQuery } from './operators-shapes.js';
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
  @ApiOkResponse({ type: ParkedList })
  async list(@Query() { limit = 100 }: ParkedQuery): Promise<ParkedList> {
    const { parking } = this.runtime;
    const [tickets, count] = await Promise.all([parking.list(limit), parking.count()]);
    // The message is an error's, which may quote what it choked on.
    const shown = ({ since, errorMessage, ...ticket }: ParkedTicket): ParkedShown => ({
      ...ticket,
      since: since.toISOString(),
      errorMessage: scrubText(errorMessage),
    });
    return { count, tickets: tickets.map(shown) };
  }

  @Post('parked/:ticketId/replay')
  @Refuses('nothing-parked')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Process what waits for a ticket, in order',
    description: 'Ends at the first record that fails again: `remaining` is 0 when the ticket flows, else `error` says why it does not.',
  })
  @ApiOkResponse({ type: ReplayShown, description: 'How far it came' })
  async replay(@Param() { ticketId }: ParkedParams, @CurrentCaller() caller: PersonCaller): Promise<ReplayShown> {
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
  @ApiOkResponse({ type: SequencePage })
  async sequences(@Query() { after, limit = 1_000 }: SequencesQuery): Promise<SequencePage> {
    const { definition, epoch, database } = this.runtime;
    const { rows: tickets } = await database.query<{ ticketId: string; sequence: number }>(
      `select ticket_id as "ticketId", sequence from ticket where ticket_id > $1::uuid and sequence > 0 order by ticket_id limit $2`,
      [after ?? '00000000-0000-0000-0000-000000000000', limit],
    );
    const next = tickets.length === limit ? tickets.at(-1)?.ticketId : undefined;
    return { service: definition.service, epoch, tickets, ...(next === undefined ? {} : { next }) };
  }
}
