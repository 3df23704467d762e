import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DecideExtension } from '@paidan/contracts';
import { CurrentCaller, Refuses, Roles, type PersonCaller, TicketParams } from '@paidan/service-host';
import type { Acceptance } from '../../application/answer-command.js';
import { ExtensionRequests } from '../../application/show-extensions.js';
import { RUNTIME, type WorkRuntime } from '../definition.js';
import { cursorOf, extensionOf, placeOf } from './present.js';
import { refusedCommand } from './problems.js';
import { CommandReceipt, ExtensionRequestPage, ExtensionsQuery } from './shapes.js';

const PAGE = 50;

/** 延期审批: the desk decides whether a unit gets more time. */
@ApiTags('extensions')
@Roles('dispatcher')
@Controller('v1')
export class ExtensionsController {
  constructor(
    private readonly requests: ExtensionRequests,
    @Inject(RUNTIME) private readonly runtime: WorkRuntime,
  ) {}

  @Get('extension-requests')
  @ApiOperation({
    summary: '延期待审: extensions that wait for a decision, longest waiting first',
    description: 'Each reading of what was said about a confidential ticket is recorded.',
  })
  @ApiOkResponse({ type: ExtensionRequestPage })
  async waiting(@Query() { limit, after }: ExtensionsQuery, @CurrentCaller() caller: PersonCaller): Promise<ExtensionRequestPage> {
    const reader = { unit: caller.unit ?? 'desk', subject: caller.sub, purpose: 'extension' };
    const { items, next } = await this.requests.page(reader, placeOf(after), limit ?? PAGE);
    return { items: items.map(extensionOf), ...(next === undefined ? {} : { next: cursorOf(next) }) };
  }

  @Post('work-items/:ticketId/extension-decision')
  @Refuses('unknown-ticket', 'stale-assignment', 'stale-extension', 'wrong-state', 'command-id-reused', 'ticket-parked')
  @HttpCode(200)
  @ApiOperation({ summary: '延期审批', description: 'On the extension that was shown; the unit is told, with the reason.' })
  @ApiOkResponse({ type: CommandReceipt })
  async decide(
    @Param() { ticketId }: TicketParams,
    @Body() { commandId, ...payload }: DecideExtension,
    @CurrentCaller() caller: PersonCaller,
  ): Promise<CommandReceipt> {
    const { sub: subject, roles, unit } = caller;
    const outcome = await this.runtime.reactor.command({
      commandId,
      name: 'decide-extension',
      ticketId,
      actor: { kind: 'person', subject, roles, ...(unit === undefined ? {} : { unit }) },
      payload,
    });
    if (!outcome.accepted) throw refusedCommand(outcome);
    return { commandId, ticketId, ...(outcome.answer as unknown as Acceptance) };
  }
}
