import { ValidateNested } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import {
  APPEAL_TYPES,
  CHANNEL_ID,
  CHANNELS,
  CONFIDENTIALITY,
  URGENCY,
  type AppealType,
  type ChannelKind,
  type Confidentiality,
  type Urgency,
} from '../vocabulary.js';
import { Formed, InstantField, MailboxField, Maybe, OneOf, Text, UnitField } from './fields.js';
import { PlaceV1 } from './submission.js';

@JSONSchema({ description: '试派: an appeal that is not submitted, to be told where it would go and why. Nothing of it is kept.' })
export class ExplainRouting {
  @OneOf(APPEAL_TYPES, '诉求类型') appealType!: AppealType;
  @Text(1, 120, '标题') title!: string;
  @Text(1, 20_000, '内容') text!: string;
  @Maybe() @ValidateNested() place?: PlaceV1;
  @Maybe() @Formed('channel-id', CHANNEL_ID, 'must be a channel id', '必须是渠道编号', '来源渠道') channel?: string;
  @Maybe() @OneOf(CHANNELS, '渠道类别') channelKind?: ChannelKind;
  @Maybe() @OneOf(CONFIDENTIALITY, '保密要求; without it, open') confidentiality?: Confidentiality;
  @Maybe() @OneOf(URGENCY, '紧急程度; without it, normal') urgency?: Urgency;
  @Maybe() @InstantField('when it would come in: rules may ask for the time of day; without it, now') receivedAt?: string;
  @Maybe() @UnitField('unit that the citizen or the upstream platform named') addressee?: string;
  @Maybe() @MailboxField('领导信箱') mailbox?: string;
}
