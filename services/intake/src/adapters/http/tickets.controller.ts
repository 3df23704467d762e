import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ContactV1 } from '@paidan/contracts';
import { Channel, CurrentCaller, Refuses, Roles, type Caller, type PersonCaller, TicketParams } from '@paidan/service-host';
import { TicketDesk } from '../../application/ticket-desk.js';
import { ContactQuestion, Registration } from './shapes.js';

@ApiTags('tickets')
@Controller('v1/tickets/:ticketId')
export class TicketsController {
  constructor(private readonly desk: TicketDesk) {}

  @Get()
  @Refuses('unknown-ticket')
  @Channel()
  @Roles('dispatcher', 'supervisor', 'operator')
  @ApiOperation({
    summary: 'Facts of the registration',
    description: 'A channel sees its own tickets. The citizen’s words are shown to dispatchers and supervisors.',
  })
  @ApiOkResponse({ type: Registration })
  async registration(@Param() { ticketId }: TicketParams, @CurrentCaller() caller: Caller): Promise<Registration> {
    return { ticketId, ...(await this.desk.registration(ticketId, caller)) };
  }

  @Get('contact')
  @Refuses('unknown-ticket', 'unknown-contact', 'contact-withheld')
  @Roles('officer', 'dispatcher')
  @ApiOperation({
    summary: 'Contact data, for a purpose',
    description: 'Each asking is recorded with who, when and what for. Of a confidential or anonymous ticket only dispatchers are told.',
  })
  @ApiOkResponse({ type: ContactV1 })
  contact(
    @Param() { ticketId }: TicketParams,
    @Query() { purpose, note }: ContactQuestion,
    @CurrentCaller() caller: PersonCaller,
  ): Promise<ContactV1> {
    return this.desk.contact(ticketId, caller, purpose, note);
  }
}
