import {
  APPEAL_TYPES,
  CHANNELS,
  CONFIDENTIALITY,
  PlaceV1,
  URGENCY,
  type AppealType,
  type ChannelKind,
  type Confidentiality,
  type Urgency,
} from '@paidan/contracts';
import { IsBoolean, IsIn, IsISO8601, IsOptional, IsString, IsUUID, Length, Matches, ValidateNested } from 'class-validator';
import { PURPOSES, type Purpose } from '../../domain/contact.js';
import type { Status } from '../../domain/ticket.js';

/** 受理回执 */
export class SubmissionReceipt {
  @IsUUID() ticketId!: string;
  /** 工单编号 */
  @IsString() number!: string;
  /** 查询码: the citizen's secret; hand it on, don't keep it. */
  @IsString() queryCode!: string;
}

export class TicketContent {
  @IsString() title!: string;
  @IsString() text!: string;
  @IsOptional() @ValidateNested() place?: PlaceV1;
}

/** What is registered of a ticket; no contact data. */
export class Registration {
  @IsUUID() ticketId!: string;
  @IsIn(['registered']) status!: Status;
  @IsString() number!: string;
  @IsString() channel!: string;
  @IsIn([...CHANNELS]) channelKind!: ChannelKind;
  @IsIn([...APPEAL_TYPES]) appealType!: AppealType;
  @IsIn([...URGENCY]) urgency!: Urgency;
  @IsIn([...CONFIDENTIALITY]) confidentiality!: Confidentiality;
  @IsBoolean() publishConsent!: boolean;
  @IsBoolean() replyWanted!: boolean;
  @IsBoolean() hasContact!: boolean;
  @IsISO8601() receivedAt!: string;
  @IsOptional() @IsISO8601() occurredAt?: string;
  @IsOptional() @IsString() addressee?: string;
  @IsOptional() @IsString() mailbox?: string;
  /** For dispatchers and supervisors. */
  @IsOptional() @ValidateNested() content?: TicketContent;
}

export class ContactQuestion {
  @IsIn([...PURPOSES]) purpose!: Purpose;
  // Postgres takes no NUL.
  @IsOptional() @IsString() @Length(1, 300) @Matches(/^[^\u0000]*$/, { message: '$property has a NUL in it' }) note?: string;
}
