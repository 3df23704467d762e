import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { URGENCY } from '@paidan/contracts';
import { isUuid, memberOf } from '@paidan/kernel';
import { hostError, Roles } from '@paidan/service-host';
import { ActiveDirectory } from '../../application/active-directory.js';
import { decisionVersion } from '../../domain/ticket.js';
import { RUNTIME, type DispatchRuntime } from '../definition.js';
import { countQueue, readQueue, type QueuedTicket, type QueuePosition } from '../postgres/review-queue.js';
import { explainHold } from '../../domain/routing/explain.js';
import type { Directory } from '../../domain/routing/directory.js';
import { HeldPage, type HeldTicket } from './answers.js';
import { candidatesView } from './routing-view.js';
import { QueueQuery } from './shapes.js';

const PAGE = 50;
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
  async held(@Query() { urgency, reason, matter, limit = PAGE, after }: QueueQuery): Promise<HeldPage> {
    const { database } = this.runtime;
    const from = after === undefined ? undefined : readCursor(after);
    const [found, count] = await Promise.all([readQueue(database, { urgency, reason, matter }, from, limit + 1), countQueue(database)]);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      held: count,
      tickets: page.map((queued) => queuedView(queued, this.directory.directory)),
      ...(found.length > limit && last !== undefined ? { next: writeCursor(last.position) } : {}),
    };
  }
}

const queuedView = ({ ticketId, parked, ticket, content }: QueuedTicket, directory: Directory): HeldTicket => {
  const { number, receivedAt, appeal, reason, since, matter, returnedBy, decisions } = ticket;
  const newest = decisions.at(-1);
  const candidates = newest?.did === 'held' ? newest.candidates.slice(0, CANDIDATES) : [];
  const { appealType, urgency, confidentiality, channel } = appeal;
  return {
    ticketId,
    number,
    decisionVersion: decisionVersion(ticket),
    appealType,
    urgency,
    confidentiality,
    channel,
    receivedAt,
    heldSince: new Date(since).toISOString(),
    reason,
    explanation: { zh: explainHold(reason, 'zh'), en: explainHold(reason, 'en') },
    matter,
    ...(matter === null ? {} : { matterName: directory.matterByCode.get(matter)?.name ?? matter }),
    // Of a sealed ticket nothing is shown in a list; whoever may read it asks intake for that one.
    ...(content?.kind === 'open' ? { title: content.title } : {}),
    candidates: candidatesView(candidates, directory),
    returnedBy,
    parked,
  };
};

const isUrgency = memberOf(URGENCY);

const writeCursor = ({ urgency, since, ticketId }: QueuePosition): string =>
  Buffer.from(JSON.stringify([urgency, since, ticketId])).toString('base64url');

const readCursor = (cursor: string): QueuePosition => {
  const [urgency, since, ticketId] = partsOf(cursor);
  if (isUrgency(urgency) && typeof since === 'number' && Number.isSafeInteger(since) && Math.abs(since) <= 8.64e15 && isUuid(ticketId))
    return { urgency, since, ticketId };
  const errors = [
    { pointer: '/after', in: 'query', code: 'cursor', detail: 'is not a `next` of this list', detailZh: '不是本列表给出的翻页标记' },
  ];
  throw hostError('invalid-parameters', '1 wrong', { extensions: { errors } });
};

const partsOf = (cursor: string): readonly unknown[] => {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
};
