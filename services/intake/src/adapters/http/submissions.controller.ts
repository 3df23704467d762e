import { Body, Controller, Post, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { SubmissionV1 } from '@paidan/contracts';
import { Channel as ChannelAccess, CurrentCaller, Refuses, type ChannelCaller } from '@paidan/service-host';
import { Registrar } from '../../application/registrar.js';
import { intakeError } from '../../errors.js';
import { ActiveChannels } from '../channels-file.js';
import { SubmissionReceipt } from './shapes.js';

/** What is used of Fastify's reply. */
interface Reply {
  status(code: number): unknown;
  header(name: string, value: string): unknown;
}

const LOCATION = { Location: { description: 'where its facts are', schema: { type: 'string', format: 'uri-reference' } } } as const;

@ApiTags('submissions')
@Controller('v1/submissions')
export class SubmissionsController {
  constructor(
    private readonly registrar: Registrar,
    private readonly channels: ActiveChannels,
  ) {}

  @Post()
  @ChannelAccess()
  @Refuses('submission-differs', 'unknown-channel')
  @ApiOperation({
    summary: 'Hand in an appeal',
    description:
      'Idempotent by channel (the key’s) and `externalId`: the same again is answered 200 with the same ticket. Hand it in again after any ' +
      'answer you did not get.',
  })
  @ApiCreatedResponse({ type: SubmissionReceipt, headers: LOCATION, description: 'Registered' })
  @ApiOkResponse({
    type: SubmissionReceipt,
    headers: LOCATION,
    description: 'Was registered before: the same ticket, number and query code',
  })
  async submit(
    @Body() submission: SubmissionV1,
    @CurrentCaller() caller: ChannelCaller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<SubmissionReceipt> {
    const channel = this.channels.content.get(caller.channel);
    if (channel === undefined) throw intakeError('unknown-channel', `channel ${caller.channel} is not registered, or not active`);
    const reception = await this.registrar.submit(channel, submission);
    const { kind, ticketId, number } = reception;
    if (kind === 'differs') {
      throw intakeError(
        'submission-differs',
        `external id ${submission.externalId} is taken by ticket ${number}, whose content is another`,
        {
          extensions: { ticketId, number },
        },
      );
    }
    if (kind === 'repeated') reply.status(200);
    reply.header('location', `/v1/tickets/${ticketId}`);
    return { ticketId, number, queryCode: reception.queryCode };
  }
}
