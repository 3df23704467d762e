import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Service } from '@paidan/contracts';
import { standingOf } from '@paidan/runtime';
import { Roles } from '../auth/access.js';
import { hostError } from '../errors.js';
import { Refuses } from '../http/refusals.js';
import { OPERATED_RUNTIME, type OperatedRuntime } from './operated-runtime.js';
import { discardedOf } from './present.js';
import { SequencesPage, SequencesQuery, StandingView } from './shapes.js';
import { TicketParams } from '../http/ticket-params.js';

/** Before every ticket id. */
const NIL = '00000000-0000-0000-0000-000000000000';

/** How much a service has said of its tickets, and what of them waits in it. */
@ApiTags('operations')
@Roles('operator')
@Controller('v1/operations')
export class OperatedTicketsController {
  constructor(@Inject(OPERATED_RUNTIME) private readonly runtime: OperatedRuntime) {}

  @Get('tickets/:ticketId')
  @Refuses('unheard-ticket')
  @ApiOperation({ summary: 'A ticket as this service’s runtime holds it: what waits of it, what could not be sent, what was thrown away' })
  @ApiOkResponse({ type: StandingView })
  async ticket(@Param() { ticketId }: TicketParams): Promise<StandingView> {
    const { definition, epoch, database, parking } = this.runtime;
    const [standing, discarded] = await Promise.all([standingOf(database, ticketId), parking.discarded(ticketId)]);
    if (standing === undefined) throw hostError('unheard-ticket', `this service has heard nothing of ticket ${ticketId}`);
    return { service: definition.service as Service, ticketId, epoch, ...standing, discarded: discarded.map(discardedOf) };
  }

  @Get('sequences')
  @ApiOperation({
    summary: 'The number of the last event that this service has said of each ticket, by ticket id',
    description:
      'For the audit: whoever hears everything must have heard each ticket up to this number. Tickets of which it has said nothing are left out. `next` is the `after` of the next page.',
  })
  @ApiOkResponse({ type: SequencesPage })
  async sequences(@Query() { after = NIL, limit = 1_000 }: SequencesQuery): Promise<SequencesPage> {
    const { definition, epoch, database } = this.runtime;
    const { rows: tickets } = await database.query<{ ticketId: string; sequence: number }>(
      `select ticket_id as "ticketId", sequence from ticket where ticket_id > $1::uuid and sequence > 0 order by ticket_id limit $2`,
      [after, limit],
    );
    const next = tickets.length === limit ? tickets.at(-1)?.ticketId : undefined;
    return { service: definition.service, epoch, tickets, ...(next === undefined ? {} : { next }) };
  }
}
