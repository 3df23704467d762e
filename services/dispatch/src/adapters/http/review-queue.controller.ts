import { Body, Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AssignManyByHand } from '@paidan/contracts';
import { CurrentCaller, Roles, type PersonCaller } from '@paidan/service-host';
import { ActiveDirectory } from '../../application/active-directory.js';
import { assignMany } from '../../application/assign-many.js';
import type { Directory } from '../../domain/routing/directory.js';
import { explainHold } from '../../domain/routing/explain.js';
import { RUNTIME, type DispatchRuntime } from '../definition.js';
import type { QueuedTicket } from '../postgres/review-queue.js';
import { actorOf } from './actor.js';
import { HeldPage, ManyAnswered, type HeldTicket } from './answers.js';
import { pageOf, waitingView } from './queue-page.js';
import { candidatesView } from './routing-view.js';
import { QueueQuery } from './shapes.js';

/** A dispatcher picks among the first few; all of them are in `GET /v1/tickets/{id}/routing`. */
const CANDIDATES = 3;

@ApiTags('review queue')
@Roles('dispatcher', 'supervisor')
@Controller('v1/held')
export class ReviewQueueController {
  constructor(
    @Inject(RUNTIME) private readonly runtime: DispatchRuntime,
    private readonly directory: ActiveDirectory,
  ) {}

  @Get()
  @ApiOperation({
    summary: '待派单: tickets that wait for a dispatcher',
    description:
      'The most urgent first, among those the one that has waited longest. `next` is the `after` of the next page. The text is at intake.',
  })
  @ApiOkResponse({ type: HeldPage, description: 'A page of the queue' })
  async held(@Query() { urgency, reason, matter, limit, after }: QueueQuery): Promise<HeldPage> {
    const page = await pageOf(this.runtime.database, 'held', { urgency, reason, matter }, { limit, after });
    const { directory } = this.directory;
    return {
      held: page.count,
      tickets: page.tickets.map((queued) => heldView(queued, directory)),
      ...(page.next === undefined ? {} : { next: page.next }),
    };
  }

  @Post('assignments')
  @HttpCode(200)
  @ApiOperation({
    summary: '批量派单: assign many held tickets',
    description:
      'Up to 100, each with its own command id and decision, to one unit or each to its first candidate. Every ticket is answered for itself, as `POST /v1/tickets/{ticketId}/assignment` does: one that is refused keeps no other.',
  })
  @ApiOkResponse({ type: ManyAnswered })
  async assignMany(@Body() body: AssignManyByHand, @CurrentCaller() caller: PersonCaller): Promise<ManyAnswered> {
    const { reactor } = this.runtime;
    const read = async (ticketId: string) => (await reactor.read(ticketId))?.record;
    const tickets = await assignMany((command) => reactor.command(command), read, actorOf(caller), body);
    const assigned = tickets.filter(({ outcome }) => outcome === 'assigned').length;
    return { assigned, refused: tickets.length - assigned, tickets };
  }
}

const heldView = (queued: QueuedTicket<'held'>, directory: Directory): HeldTicket => {
  const { matter, since, reason, decisions } = queued.ticket;
  const newest = decisions.at(-1);
  const candidates = newest?.did === 'held' ? newest.candidates.slice(0, CANDIDATES) : [];
  return {
    ...waitingView(queued, matter, directory),
    heldSince: new Date(since).toISOString(),
    reason,
    explanation: { zh: explainHold(reason, 'zh'), en: explainHold(reason, 'en') },
    candidates: candidatesView(candidates, directory),
  };
};
