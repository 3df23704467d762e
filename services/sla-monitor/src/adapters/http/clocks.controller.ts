import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, onlyUnitOf, Refuses, Roles, type PersonCaller, TicketParams } from '@paidan/service-host';
import { Calendars } from '../../application/calendars.js';
import { clocksFor } from '../../application/show-clock.js';
import { slaError } from '../../errors.js';
import { RUNTIME, type ClocksRuntime } from '../definition.js';
import { recompute } from '../postgres/sweep-pages.js';
import { viewOf } from './present.js';
import { RecomputeClock, RecomputeReceipt, TicketClockView } from './shapes.js';

@ApiTags('clocks')
@Controller('v1/tickets/:ticketId/clock')
export class ClocksController {
  constructor(
    @Inject(RUNTIME) private readonly runtime: ClocksRuntime,
    private readonly calendars: Calendars,
  ) {}

  @Get()
  @Refuses('unknown-ticket', 'no-unit', 'not-your-ticket')
  @Roles('dispatcher', 'supervisor', 'operator', 'officer', 'approver')
  @ApiOperation({
    summary: 'The deadlines of a ticket, explained day by day',
    description: 'Officers see the citizen’s deadline and those of their own unit.',
  })
  @ApiOkResponse({ type: TicketClockView })
  async show(@Param() { ticketId }: TicketParams, @CurrentCaller() caller: PersonCaller): Promise<TicketClockView> {
    const row = await this.runtime.reactor.read(ticketId);
    const ticket = clocksFor(row?.record, () => onlyUnitOf(caller));
    if (row === undefined) throw slaError('unknown-ticket', 'there is no such ticket');
    return viewOf(row, ticket, this.calendars.current, this.runtime.parts.clock.now());
  }

  @Post('recomputation')
  @Refuses('unknown-ticket', 'command-id-reused', 'ticket-parked')
  @HttpCode(200)
  @Roles('operator')
  @ApiOperation({
    summary: 'Compute a ticket’s deadlines anew, under the calendar in force',
    description: 'Happens by itself when a calendar is loaded.',
  })
  @ApiOkResponse({ type: RecomputeReceipt })
  async recompute(
    @Param() { ticketId }: TicketParams,
    @Body() { commandId }: RecomputeClock,
    @CurrentCaller() { sub, roles }: PersonCaller,
  ): Promise<RecomputeReceipt> {
    const outcome = await this.runtime.reactor.command(recompute(ticketId, { kind: 'person', subject: sub, roles }, commandId));
    if (outcome.accepted) return { ticketId, events: Number(outcome.answer?.['events'] ?? 0) };
    if (outcome.reason === 'unknown-ticket') throw slaError('unknown-ticket', 'there is no such ticket');
    throw slaError('command-id-reused', 'the command id was used for another command');
  }
}
