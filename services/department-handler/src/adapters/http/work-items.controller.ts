import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  ApproveCommand,
  ContactCommand,
  ProgressCommand,
  ReplyCommand,
  RequestExtensionCommand,
  ResumeCommand,
  ReturnCommand,
  SendBackCommand,
  SignCommand,
  SuspendCommand,
  type DepartmentCommand,
} from '@paidan/contracts';
import { CurrentCaller, hostError, Refuses, Roles, TicketParams, unitOf, type PersonCaller } from '@paidan/service-host';
import type { Acceptance } from '../../application/answer-command.js';
import { WorkItems } from '../../application/show-work-items.js';
import { toWorkCommand } from '../../application/to-work-command.js';
import { RUNTIME, type WorkRuntime } from '../definition.js';
import { AddressSays } from './address-says.js';
import { cursorOf, placeOf, summaryOf, viewOf } from './present.js';
import { refusedCommand } from './problems.js';
import { CommandReceipt, ReadingPurpose, WorkItemPage, WorkItemsQuery, WorkItemView } from './shapes.js';

const PAGE = 50;

/** Of whatever a unit says about a ticket. */
const ANY_COMMAND = [
  'no-unit',
  'unknown-ticket',
  'not-your-ticket',
  'stale-assignment',
  'wrong-state',
  'command-id-reused',
  'ticket-parked',
] as const;

/** What people of a department do at the desk's own screens; its system does the same over Kafka. */
@ApiTags('work items')
@Controller('v1/work-items')
export class WorkItemsController {
  constructor(
    private readonly items: WorkItems,
    @Inject(RUNTIME) private readonly runtime: WorkRuntime,
  ) {}

  @Get()
  @Refuses('no-unit')
  @Roles('officer', 'approver')
  @ApiOperation({ summary: "The unit's tickets in one status, longest there first", description: 'Without `status`: those offered.' })
  @ApiOkResponse({ type: WorkItemPage })
  async list(@Query() { status, limit, after }: WorkItemsQuery, @CurrentCaller() caller: PersonCaller): Promise<WorkItemPage> {
    const { items, next } = await this.items.page(unitOf(caller), status ?? 'offered', placeOf(after), limit ?? PAGE);
    return { items: items.map(summaryOf), ...(next === undefined ? {} : { next: cursorOf(next) }) };
  }

  @Get(':ticketId')
  @Refuses('no-unit', 'unknown-ticket', 'not-your-ticket')
  @Roles('officer', 'approver')
  @ApiOperation({ summary: 'One ticket of the unit, with its text', description: 'Each reading of a confidential text is recorded.' })
  @ApiOkResponse({ type: WorkItemView })
  async one(
    @Param() { ticketId }: TicketParams,
    @Query() { purpose }: ReadingPurpose,
    @CurrentCaller() caller: PersonCaller,
  ): Promise<WorkItemView> {
    return viewOf(ticketId, await this.items.one(ticketId, { unit: unitOf(caller), subject: caller.sub, purpose }));
  }

  @Post(':ticketId/signature')
  @HttpCode(200)
  @Roles('officer', 'approver')
  @AddressSays('sign')
  @Refuses(...ANY_COMMAND)
  @ApiOperation({ summary: '签收' })
  @ApiOkResponse({ type: CommandReceipt })
  sign(@Param() { ticketId }: TicketParams, @Body() body: SignCommand, @CurrentCaller() caller: PersonCaller): Promise<CommandReceipt> {
    return this.give(ticketId, body, caller);
  }

  @Post(':ticketId/return')
  @HttpCode(200)
  @Roles('officer', 'approver')
  @AddressSays('return')
  @Refuses(...ANY_COMMAND, 'already-returned', 'designated', 'return-window-passed')
  @ApiOperation({ summary: '退单' })
  @ApiOkResponse({ type: CommandReceipt })
  giveBack(
    @Param() { ticketId }: TicketParams,
    @Body() body: ReturnCommand,
    @CurrentCaller() caller: PersonCaller,
  ): Promise<CommandReceipt> {
    return this.give(ticketId, body, caller);
  }

  @Post(':ticketId/contact')
  @HttpCode(200)
  @Roles('officer', 'approver')
  @AddressSays('contact')
  @Refuses(...ANY_COMMAND, 'time-not-possible')
  @ApiOperation({ summary: '联系诉求人', description: 'Reached or not: it says that the unit has tried.' })
  @ApiOkResponse({ type: CommandReceipt })
  contact(
    @Param() { ticketId }: TicketParams,
    @Body() body: ContactCommand,
    @CurrentCaller() caller: PersonCaller,
  ): Promise<CommandReceipt> {
    return this.give(ticketId, body, caller);
  }

  @Post(':ticketId/progress')
  @HttpCode(200)
  @Roles('officer', 'approver')
  @AddressSays('progress')
  @Refuses(...ANY_COMMAND)
  @ApiOperation({ summary: '办理过程' })
  @ApiOkResponse({ type: CommandReceipt })
  progress(
    @Param() { ticketId }: TicketParams,
    @Body() body: ProgressCommand,
    @CurrentCaller() caller: PersonCaller,
  ): Promise<CommandReceipt> {
    return this.give(ticketId, body, caller);
  }

  @Post(':ticketId/suspension')
  @HttpCode(200)
  @Roles('officer', 'approver')
  @AddressSays('suspend')
  @Refuses(...ANY_COMMAND, 'time-not-possible')
  @ApiOperation({ summary: '挂起', description: 'The deadline waits. With `until`, work goes on by itself then.' })
  @ApiOkResponse({ type: CommandReceipt })
  suspend(
    @Param() { ticketId }: TicketParams,
    @Body() body: SuspendCommand,
    @CurrentCaller() caller: PersonCaller,
  ): Promise<CommandReceipt> {
    return this.give(ticketId, body, caller);
  }

  @Post(':ticketId/resumption')
  @HttpCode(200)
  @Roles('officer', 'approver')
  @AddressSays('resume')
  @Refuses(...ANY_COMMAND)
  @ApiOperation({ summary: '恢复办理' })
  @ApiOkResponse({ type: CommandReceipt })
  resume(@Param() { ticketId }: TicketParams, @Body() body: ResumeCommand, @CurrentCaller() caller: PersonCaller): Promise<CommandReceipt> {
    return this.give(ticketId, body, caller);
  }

  @Post(':ticketId/extension')
  @HttpCode(200)
  @Roles('officer', 'approver')
  @AddressSays('request-extension')
  @Refuses(...ANY_COMMAND, 'extension-waiting', 'deadline-passed')
  @ApiOperation({
    summary: '申请延期',
    description: 'Before the deadline. The first short one of an assignment is granted at once; on others a dispatcher decides.',
  })
  @ApiOkResponse({ type: CommandReceipt })
  requestExtension(
    @Param() { ticketId }: TicketParams,
    @Body() body: RequestExtensionCommand,
    @CurrentCaller() caller: PersonCaller,
  ): Promise<CommandReceipt> {
    return this.give(ticketId, body, caller);
  }

  @Post(':ticketId/reply')
  @HttpCode(200)
  @Roles('officer', 'approver')
  @AddressSays('reply')
  @Refuses(...ANY_COMMAND)
  @ApiOperation({ summary: '答复' })
  @ApiOkResponse({ type: CommandReceipt })
  reply(@Param() { ticketId }: TicketParams, @Body() body: ReplyCommand, @CurrentCaller() caller: PersonCaller): Promise<CommandReceipt> {
    return this.give(ticketId, body, caller);
  }

  @Post(':ticketId/approval')
  @HttpCode(200)
  @Roles('approver')
  @AddressSays('approve')
  @Refuses(...ANY_COMMAND, 'stale-round', 'same-officer')
  @ApiOperation({ summary: '审核通过' })
  @ApiOkResponse({ type: CommandReceipt })
  approve(
    @Param() { ticketId }: TicketParams,
    @Body() body: ApproveCommand,
    @CurrentCaller() caller: PersonCaller,
  ): Promise<CommandReceipt> {
    return this.give(ticketId, body, caller);
  }

  @Post(':ticketId/send-back')
  @HttpCode(200)
  @Roles('approver')
  @AddressSays('send-back')
  @Refuses(...ANY_COMMAND, 'stale-round')
  @ApiOperation({ summary: '审核退回' })
  @ApiOkResponse({ type: CommandReceipt })
  sendBack(
    @Param() { ticketId }: TicketParams,
    @Body() body: SendBackCommand,
    @CurrentCaller() caller: PersonCaller,
  ): Promise<CommandReceipt> {
    return this.give(ticketId, body, caller);
  }

  private async give(ticketId: string, said: DepartmentCommand, caller: PersonCaller): Promise<CommandReceipt> {
    const unit = unitOf(caller);
    const mismatch = contradiction(ticketId, said, caller);
    if (mismatch !== undefined) throw hostError('validation-failed', '1 wrong', { extensions: { errors: [mismatch] } });
    const command = toWorkCommand(said, { kind: 'person', subject: caller.sub, unit, roles: caller.roles }, unit);
    const outcome = await this.runtime.reactor.command(command);
    if (!outcome.accepted) throw refusedCommand(outcome);
    return { commandId: said.commandId, ticketId, ...(outcome.answer as unknown as Acceptance) };
  }
}

/** Where a body says something else than address and token. */
const contradiction = (ticketId: string, said: DepartmentCommand, caller: PersonCaller) => {
  if (said.ticketId !== ticketId)
    return {
      pointer: '/ticketId',
      code: 'other-than-address',
      detail: 'is not the ticket of the address',
      detailZh: '与地址中的工单不一致',
    };
  if (said.officer !== undefined && said.officer !== caller.sub)
    return { pointer: '/officer', code: 'other-than-token', detail: "is not the token's subject", detailZh: '与登录凭证不一致' };
  return undefined;
};
