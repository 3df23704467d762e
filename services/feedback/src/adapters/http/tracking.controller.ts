import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { TrackedRatingV1, TrackingV1 } from '@paidan/contracts';
import { Public, Refuses } from '@paidan/service-host';
import { Commands } from '../../application/give-command.js';
import { TrackingDesk } from '../../application/tracking-desk.js';
import { callerAddress, type Request } from './caller-address.js';
import { progressOf, receiptOf } from './present.js';
import { RATING_REFUSALS } from './problems.js';
import { ProgressShown, RatingReceipt } from './shapes.js';

const ONE_ANSWER =
  'Open to everybody: number and query code prove whose ticket it is. An unknown number and a wrong code are one answer; after several of them it is 429 for a while.';

/** For citizens. By POST, so that no query code gets into an address, where logs and histories would keep it. */
@ApiTags('tracking')
@Public()
@Controller('v1/tracking')
export class TrackingController {
  constructor(
    private readonly desk: TrackingDesk,
    private readonly commands: Commands,
  ) {}

  @Post()
  @Refuses('unknown-tracking', 'too-many-requests')
  @HttpCode(200)
  @ApiOperation({ summary: '查询: how far a ticket has come, and the reply when there is one', description: ONE_ANSWER })
  @ApiOkResponse({ type: ProgressShown })
  async track(@Body() { number, queryCode }: TrackingV1, @Req() request: Request): Promise<ProgressShown> {
    return progressOf(await this.desk.show(await this.desk.prove(number, queryCode, callerAddress(request))));
  }

  @Post('ratings')
  @Refuses('unknown-tracking', 'too-many-requests', ...RATING_REFUSALS)
  @HttpCode(200)
  @ApiOperation({
    summary: '评价: once for each reply',
    description: `${ONE_ANSWER} The very same rating again is answered as the first time.`,
  })
  @ApiOkResponse({ type: RatingReceipt })
  async rate(@Body() { number, queryCode, ...judgement }: TrackedRatingV1, @Req() request: Request): Promise<RatingReceipt> {
    const { ticketId, follow } = await this.desk.prove(number, queryCode, callerAddress(request));
    const answer = await this.commands.rate(ticketId, judgement, { kind: 'person', subject: 'citizen', roles: [] });
    return receiptOf(follow.ticket.number, answer);
  }
}
