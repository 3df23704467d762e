import { ValidateNested } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import {
  APPEAL_TYPES,
  CONFIDENTIALITY,
  COORDINATE_SYSTEMS,
  URGENCY,
  type AppealType,
  type Confidentiality,
  type CoordinateSystem,
  type Urgency,
} from '../vocabulary.js';
import { AdminCode, Degrees, Email, Flag, InstantField, MailboxField, Maybe, OneOf, Phone, Text, UnitField } from './fields.js';

export class CoordinatesV1 {
  @Degrees(180, 'longitude, degrees') lon!: number;
  @Degrees(90, 'latitude, degrees') lat!: number;
  @OneOf(COORDINATE_SYSTEMS, 'GCJ-02 as Chinese maps give it, WGS-84 as GPS gives it; it is not converted') system!: CoordinateSystem;
}

export class PlaceV1 {
  @Maybe() @Text(1, 300, '事发地址') address?: string;
  @Maybe() @AdminCode() adminCode?: string;
  @Maybe() @ValidateNested() coordinates?: CoordinatesV1;
}

/** Kept encrypted by intake; in no event, no log and no answer. */
export class ContactV1 {
  @Maybe() @Text(1, 60, '姓名') name?: string;
  @Maybe() @Phone() phone?: string;
  @Maybe() @Email() email?: string;
  @Maybe() @Text(1, 300, '联系地址') address?: string;
  @Maybe() @Text(1, 128, 'account on the channel (openid, user id): where a push goes') accountId?: string;
}

/**
 * What a channel adapter hands in: the body of `POST /v1/submissions` and the message on `paidan.submissions.<channel>` alike. The same
 * again for one (channel, externalId) is the same ticket.
 */
@JSONSchema({ description: 'An appeal as a channel adapter hands it in. Members not named here are refused.' })
export class SubmissionV1 {
  @Text(1, 128, "the adapter's own id of it; the same id again is the same ticket") externalId!: string;
  @OneOf(APPEAL_TYPES, '诉求类型: 咨询, 求助, 投诉, 举报, 建议, 表扬, 其他') appealType!: AppealType;
  @Text(1, 120, '标题') title!: string;
  @Text(1, 20_000, '内容') text!: string;
  @Maybe() @ValidateNested() place?: PlaceV1;
  @Maybe() @InstantField('事发时间') occurredAt?: string;
  @Maybe() @ValidateNested() contact?: ContactV1;
  @Maybe()
  @OneOf(CONFIDENTIALITY, '保密要求; without it a report (举报) is confidential and all else is open')
  confidentiality?: Confidentiality;
  @Maybe() @Flag('the citizen agrees to publication; without it, no') publishConsent?: boolean;
  @Maybe() @Flag('the citizen wants a reply; without it, yes') replyWanted?: boolean;
  @Maybe() @OneOf(URGENCY, '紧急程度; without it, normal') urgency?: Urgency;
  @Maybe() @UnitField('unit that the citizen or the upstream platform named') addressee?: string;
  @Maybe() @MailboxField('领导信箱 that it was written to; who it is for, the directory says') mailbox?: string;
}
