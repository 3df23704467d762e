import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  AcceptReturn,
  AssignByHand,
  ClaimTicket,
  LinkTicket,
  openWords,
  Reassign,
  RefuseReturn,
  UndoAssignment,
  UnlinkTicket,
  type ContentKeys,
  type Words,
} from '@paidan/contracts';
import { CurrentCaller, Refuses, Roles, type PersonCaller, TicketParams } from '@paidan/service-host';
import { ActiveDirectory } from '../../application/active-directory.js';
import {
  acceptReturn,
  assignByHand,
  claim,
  link,
  reassign,
  refuseReturn,
  unclaim,
  undo,
  unlink,
  type Decider,
} from '../../application/give-order.js';
import { REFUSALS } from '../../domain/orders.js';
import { dispatchError } from '../../errors.js';
import { CONTENT_KEYS, RUNTIME, type DispatchRuntime } from '../definition.js';
import { actorOf } from './actor.js';
import { RoutingShown, TicketState } from './answers.js';
import { routingView } from './routing-view.js';

const ORDER_REFUSALS = [...REFUSALS, 'command-id-reused', 'ticket-parked'] as const;
const ORDER_ANYWAY_REFUSALS = ['unknown-ticket', 'stale-decision', 'wrong-state', 'command-id-reused', 'ticket-parked'] as const;
const CLAIM_REFUSALS = [...ORDER_ANYWAY_REFUSALS, 'claimed'] as const;
const RETURN_ORDER_REFUSALS = [...CLAIM_REFUSALS, 'stale-assignment'] as const;
const LINK_REFUSALS = [...CLAIM_REFUSALS, 'unknown-master', 'own-master', 'own-member', 'master-ended', 'not-to-be-linked'] as const;
const UNDO_REFUSALS = [...ORDER_ANYWAY_REFUSALS, 'stale-assignment', 'not-yours', 'too-late'] as const;

@ApiTags('tickets')
@Roles('dispatcher', 'supervisor')
@Controller('v1/tickets/:ticketId')
export class TicketsController {
  constructor(
    @Inject(RUNTIME) private readonly runtime: DispatchRuntime,
    private readonly directory: ActiveDirectory,
    @Inject(CONTENT_KEYS) private readonly keys: ContentKeys,
  ) {}

  @Get('routing')
  @Refuses('unknown-ticket')
  @Roles('dispatcher', 'supervisor', 'operator')
  @ApiOperation({
    summary: 'Who holds the ticket, and why',
    description:
      'Every decision with its reasons in Chinese and English, the candidates, and who was ruled out; a redo and the closing too. `decisionVersion` goes into an order. What dispatchers wrote is for dispatchers and supervisors.',
  })
  @ApiOkResponse({ type: RoutingShown })
  async routing(@Param() { ticketId }: TicketParams, @CurrentCaller() { roles }: PersonCaller): Promise<RoutingShown> {
    const row = await this.runtime.reactor.read(ticketId);
    if (row?.record === undefined) throw dispatchError('unknown-ticket', `no ticket ${ticketId}`, { extensions: { ticketId } });
    const atDesk = roles.includes('dispatcher') || roles.includes('supervisor');
    const opinion = (words: Words): string => openWords(words, ticketId, this.keys).text;
    return { ticketId, parked: row.parked, ...routingView(row.record, this.directory.directory, atDesk ? opinion : undefined) };
  }

  @Post('assignment')
  @HttpCode(200)
  @ApiOperation({ summary: '人工派单: assign a held ticket' })
  @Refuses(...ORDER_REFUSALS)
  @ApiOkResponse({ type: TicketState, description: 'Assigned; the state that follows' })
  assign(@Param() { ticketId }: TicketParams, @Body() body: AssignByHand, @CurrentCaller() caller: PersonCaller): Promise<TicketState> {
    return assignByHand(this.decider, ticketId, actorOf(caller), body);
  }

  @Post('reassignment')
  @HttpCode(202)
  @ApiOperation({
    summary: '改派: take a ticket from its holder and assign it elsewhere',
    description: 'The holder has the say whether it still can be: see `GET …/routing` for what became of it.',
  })
  @Refuses(...ORDER_REFUSALS)
  @ApiAcceptedResponse({ type: TicketState, description: 'The holder has been asked' })
  reassign(@Param() { ticketId }: TicketParams, @Body() body: Reassign, @CurrentCaller() caller: PersonCaller): Promise<TicketState> {
    return reassign(this.decider, ticketId, actorOf(caller), body);
  }

  @Post('return/acceptance')
  @HttpCode(200)
  @ApiOperation({
    summary: '同意退单: the unit may return it',
    description: 'It goes to whoever is next by the rules, or waits for a person; after the second one for a supervisor (会商).',
  })
  @Refuses(...RETURN_ORDER_REFUSALS)
  @ApiOkResponse({ type: TicketState, description: 'Accepted; the state that follows' })
  acceptReturn(
    @Param() { ticketId }: TicketParams,
    @Body() body: AcceptReturn,
    @CurrentCaller() caller: PersonCaller,
  ): Promise<TicketState> {
    return acceptReturn(this.decider, ticketId, actorOf(caller), body);
  }

  @Post('return/refusal')
  @HttpCode(200)
  @ApiOperation({ summary: '不同意退单: the unit keeps it, and may not return it again' })
  @Refuses(...RETURN_ORDER_REFUSALS)
  @ApiOkResponse({ type: TicketState, description: 'Refused; the state that follows' })
  refuseReturn(
    @Param() { ticketId }: TicketParams,
    @Body() body: RefuseReturn,
    @CurrentCaller() caller: PersonCaller,
  ): Promise<TicketState> {
    return refuseReturn(this.decider, ticketId, actorOf(caller), body);
  }

  @Post('claim')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Keep a waiting ticket for oneself while looking at it',
    description:
      'Orders of others are refused meanwhile, but for a supervisor’s. Again, for longer. An order that decides it ends the claim.',
  })
  @Refuses(...CLAIM_REFUSALS)
  @ApiOkResponse({ type: TicketState, description: 'Claimed; `claim` says until when' })
  claim(@Param() { ticketId }: TicketParams, @Body() body: ClaimTicket, @CurrentCaller() caller: PersonCaller): Promise<TicketState> {
    return claim(this.decider, ticketId, actorOf(caller), body);
  }

  @Post('claim/release')
  @HttpCode(200)
  @ApiOperation({ summary: 'Let others have a ticket that was claimed' })
  @Refuses(...CLAIM_REFUSALS)
  @ApiOkResponse({ type: TicketState, description: 'Nobody’s' })
  unclaim(@Param() { ticketId }: TicketParams, @Body() body: ClaimTicket, @CurrentCaller() caller: PersonCaller): Promise<TicketState> {
    return unclaim(this.decider, ticketId, actorOf(caller), body);
  }

  @Post('assignment/undo')
  @HttpCode(202)
  @ApiOperation({
    summary: '撤销派单: take back an assignment that was a slip of the hand',
    description:
      'By who gave it, or a supervisor, within a minute. The holder is asked to let go; then the ticket stands in the queue again.',
  })
  @Refuses(...UNDO_REFUSALS)
  @ApiAcceptedResponse({ type: TicketState, description: 'The holder has been asked' })
  undo(@Param() { ticketId }: TicketParams, @Body() body: UndoAssignment, @CurrentCaller() caller: PersonCaller): Promise<TicketState> {
    return undo(this.decider, ticketId, actorOf(caller), body);
  }

  @Post('link')
  @HttpCode(202)
  @ApiOperation({
    summary: '并入主单: it is the same matter as another ticket’s',
    description:
      'A waiting ticket is linked at once; of an assigned one the holder is asked to let go first. Named a member, its master is taken; what is under this ticket goes along. The citizen gets the master’s reply and is asked to judge it.',
  })
  @Refuses(...LINK_REFUSALS)
  @ApiAcceptedResponse({ type: TicketState, description: 'Linked, or the holder has been asked' })
  link(@Param() { ticketId }: TicketParams, @Body() body: LinkTicket, @CurrentCaller() caller: PersonCaller): Promise<TicketState> {
    return link(this.decider, ticketId, actorOf(caller), body);
  }

  @Post('unlink')
  @HttpCode(200)
  @ApiOperation({
    summary: '解除并入: it goes its own way',
    description: 'It is dispatched by the rules of today; the citizen’s deadline is the one it was.',
  })
  @Refuses(...ORDER_ANYWAY_REFUSALS)
  @ApiOkResponse({ type: TicketState, description: 'Assigned, or waiting; the state that follows' })
  unlink(@Param() { ticketId }: TicketParams, @Body() body: UnlinkTicket, @CurrentCaller() caller: PersonCaller): Promise<TicketState> {
    return unlink(this.decider, ticketId, actorOf(caller), body);
  }

  private readonly decider: Decider = (command) => this.runtime.reactor.command(command);
}
