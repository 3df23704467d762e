import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { openWords, type ContentKeys } from '@paidan/contracts';
import type { Clock } from '@paidan/runtime';
import { Roles } from '@paidan/service-host';
import { ActiveDirectory } from '../../application/active-directory.js';
import { explainObjection } from '../../domain/explain-decision.js';
import type { Directory } from '../../domain/routing/directory.js';
import { CLOCK, CONTENT_KEYS, RUNTIME, type DispatchRuntime } from '../definition.js';
import type { QueuedTicket } from '../postgres/review-queue.js';
import { readPairs } from '../postgres/unit-returns.js';
import { ReturnedPage, UnitPairsShown, type ReturnedTicket } from './answers.js';
import { pageOf, waitingView } from './queue-page.js';
import { nameOf, objectionView, type Opener } from './routing-view.js';
import { PairsQuery, ReturnsQuery } from './shapes.js';

const DAY = 86_400_000;
const DAYS = 30;
const PAIRS = 100;

@ApiTags('returns')
@Roles('dispatcher', 'supervisor')
@Controller('v1/returns')
export class ReturnsController {
  constructor(
    @Inject(RUNTIME) private readonly runtime: DispatchRuntime,
    private readonly directory: ActiveDirectory,
    @Inject(CONTENT_KEYS) private readonly keys: ContentKeys,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({
    summary: '退单待审: returns that wait for a dispatcher, with what the units say',
    description:
      'The most urgent first, among those the one that has waited longest. `POST /v1/tickets/{ticketId}/return/acceptance` or `…/refusal` decides.',
  })
  @ApiOkResponse({ type: ReturnedPage, description: 'A page of the queue' })
  async returned(@Query() { urgency, matter, limit, after }: ReturnsQuery): Promise<ReturnedPage> {
    const page = await pageOf(this.runtime.database, 'returned', { urgency, matter }, { limit, after });
    const { directory } = this.directory;
    const opener =
      (ticketId: string): Opener =>
      (words) =>
        openWords(words, ticketId, this.keys).text;
    return {
      returned: page.count,
      tickets: page.tickets.map((queued) => returnedView(queued, directory, opener(queued.ticketId))),
      ...(page.next === undefined ? {} : { next: page.next }),
    };
  }

  @Get('pairs')
  @Roles('dispatcher', 'supervisor', 'operator')
  @ApiOperation({
    summary: 'Units that send tickets to and fro',
    description:
      'Of the tickets that one unit returned and another was given then: how many there were, and how many came back from there as well.',
  })
  @ApiOkResponse({ type: UnitPairsShown })
  async pairs(@Query() { days = DAYS }: PairsQuery): Promise<UnitPairsShown> {
    const since = new Date(this.clock.now() - days * DAY);
    const { directory } = this.directory;
    const pairs = await readPairs(this.runtime.database, since, PAIRS);
    return {
      since: since.toISOString(),
      pairs: pairs.map(({ from, to, handedOver, returnedAgain }) => ({
        from,
        fromName: nameOf(directory, from),
        to,
        toName: nameOf(directory, to),
        handedOver,
        returnedAgain,
        rate: returnedAgain / handedOver,
      })),
    };
  }
}

const returnedView = (queued: QueuedTicket<'returned'>, directory: Directory, opener: Opener): ReturnedTicket => {
  const { holding, objection } = queued.ticket;
  const { assignment, lead: unit, matter } = holding;
  return {
    ...waitingView(queued, matter, directory),
    returnedAt: new Date(objection.at).toISOString(),
    assignment,
    unit,
    unitName: nameOf(directory, unit),
    objection: objectionView(objection, opener),
    explanation: {
      zh: explainObjection(directory, unit, objection.because, 'zh'),
      en: explainObjection(directory, unit, objection.because, 'en'),
    },
  };
};
