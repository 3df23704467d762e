import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Roles } from '@paidan/service-host';
import { ActiveDirectory } from '../../application/active-directory.js';
import type { Directory } from '../../domain/routing/directory.js';
import { explainHold } from '../../domain/routing/explain.js';
import { RUNTIME, type DispatchRuntime } from '../definition.js';
import type { QueuedTicket } from '../postgres/review-queue.js';
import { HeldPage, type HeldTicket } from './answers.js';
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
