import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RatingV1 } from '@paidan/contracts';
import {
  Channel,
  CurrentCaller,
  onlyUnitOf,
  Refuses,
  Roles,
  TicketParams,
  type ChannelCaller,
  type PersonCaller,
} from '@paidan/service-host';
import { Commands } from '../../application/give-command.js';
import { TrailDesk, type Reader } from '../../application/trail-desk.js';
import { feedbackError } from '../../errors.js';
import { RUNTIME, type FeedbackRuntime } from '../definition.js';
import { receiptOf, trailOf } from './present.js';
import { RATING_REFUSALS } from './problems.js';
import { RatingReceipt, TicketOrNumber, TrailShown } from './shapes.js';

@ApiTags('tickets')
@Controller('v1/tickets')
export class TicketsController {
  constructor(
    private readonly trails: TrailDesk,
    private readonly commands: Commands,
    @Inject(RUNTIME) private readonly runtime: FeedbackRuntime,
  ) {}

  @Get(':ticket/trail')
  @Refuses('unknown-ticket', 'not-your-ticket', 'no-unit')
  @Roles('dispatcher', 'supervisor', 'operator', 'officer', 'approver')
  @ApiOperation({
    summary: '工单轨迹: everything that was said of a ticket by all services, in Chinese and English',
    description: 'By ticket id or number. Officers see the trails of tickets that their unit has held. What is under seal stays there.',
  })
  @ApiOkResponse({ type: TrailShown })
  async trail(@Param() { ticket }: TicketOrNumber, @CurrentCaller() caller: PersonCaller): Promise<TrailShown> {
    return trailOf(await this.trails.trailOf(ticket, readerOf(caller)));
  }

  @Post(':ticketId/ratings')
  @Refuses('unknown-ticket', ...RATING_REFUSALS)
  @HttpCode(200)
  @Channel()
  @ApiOperation({
    summary: '评价, handed on by the channel that the appeal came through',
    description:
      'The key must be of that channel. The very same rating again is answered as the first time; another one for the same round is 409.',
  })
  @ApiOkResponse({ type: RatingReceipt })
  async rate(@Param() { ticketId }: TicketParams, @Body() body: RatingV1, @CurrentCaller() caller: ChannelCaller): Promise<RatingReceipt> {
    const follow = (await this.runtime.reactor.read(ticketId))?.record;
    // Another channel's ticket doesn't exist for a channel.
    if (follow === undefined || follow.status === 'unregistered' || follow.ticket.channel !== caller.channel)
      throw feedbackError('unknown-ticket', 'there is no such ticket');
    const answer = await this.commands.rate(ticketId, body, { kind: 'channel', subject: caller.channel, roles: [] });
    return receiptOf(follow.ticket.number, answer);
  }
}

const readerOf = (caller: PersonCaller): Reader => {
  const unit = onlyUnitOf(caller);
  return unit === undefined ? { all: true } : { all: false, unit };
};
