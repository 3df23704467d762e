import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ExplainRouting } from '@paidan/contracts';
import { Roles } from '@paidan/service-host';
import type { Clock } from '@paidan/runtime';
import { CLOCK, PUBLISHED, type PublishedHere } from '../definition.js';
import { placementOf } from '../../domain/placements.js';
import type { Appeal } from '../../domain/routing/decision.js';
import { route } from '../../domain/routing/first-decision.js';
import { RoutingExplained } from './answers.js';
import { decisionView } from './routing-view.js';

/** A channel that no rule and no table knows: what is asked of no channel is asked of this one. */
const NO_CHANNEL = 'none';

@ApiTags('routing')
@Roles('dispatcher', 'supervisor', 'operator')
@Controller('v1/routing')
export class RoutingController {
  constructor(
    @Inject(PUBLISHED) private readonly here: PublishedHere,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post('explanations')
  @HttpCode(200)
  @ApiOperation({
    summary: '试派: where an appeal would go, and why',
    description:
      'The decision that a ticket with these words would get now, with its reasons, candidates and who is ruled out, as `GET /v1/tickets/{ticketId}/routing` tells it of a ticket. Nothing is submitted and nothing is kept.',
  })
  @ApiOkResponse({ type: RoutingExplained })
  explain(@Body() asked: ExplainRouting): RoutingExplained {
    const now = this.clock.now();
    const published = this.here.published();
    const routed = route(published, appealOf(asked, now), now);
    const placement = placementOf(routed, 1, { now, facts: { ...published, policy: this.here.policy } });
    const model = this.here.model();
    return { decision: decisionView(placement, 1, published.directory, undefined), ...(model === undefined ? {} : { model }) };
  }
}

const appealOf = (
  { channel = NO_CHANNEL, urgency = 'normal', confidentiality = 'open', receivedAt, place, ...asked }: ExplainRouting,
  now: number,
): Appeal => ({
  ...asked,
  channel,
  urgency,
  confidentiality,
  receivedAt: receivedAt === undefined ? now : Date.parse(receivedAt),
  ...(place === undefined ? {} : { place: { ...place } }),
});
