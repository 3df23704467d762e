import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Refuses, Roles, TicketParams } from '@paidan/service-host';
import { departmentError } from '../../errors.js';
import { RUNTIME, type WorkRuntime } from '../definition.js';
import { overviewOf } from './present.js';
import { WorkItemOverview } from './shapes.js';

@ApiTags('operations')
@Roles('operator')
@Controller('v1/operations/work-items')
export class OperationsController {
  constructor(@Inject(RUNTIME) private readonly runtime: WorkRuntime) {}

  @Get(':ticketId')
  @Refuses('unknown-ticket')
  @ApiOperation({
    summary: 'Where the work on a ticket stands, whichever unit has it',
    description: 'Nothing that was written: neither the appeal nor replies nor notes.',
  })
  @ApiOkResponse({ type: WorkItemOverview })
  async workItem(@Param() { ticketId }: TicketParams): Promise<WorkItemOverview> {
    const item = (await this.runtime.reactor.read(ticketId))?.record;
    if (item === undefined) throw departmentError('unknown-ticket', 'there is no such ticket');
    return overviewOf(ticketId, item);
  }
}
