import {
  APPEAL_TYPES,
  CARD_COLOURS,
  CLOCKS,
  CONFIDENTIALITY,
  OUTCOMES,
  PlaceV1,
  ROLES,
  SpanV1,
  URGENCY,
  type AppealType,
  type CardColour,
  type Clock,
  type Confidentiality,
  type Outcome,
  type Role,
  type Urgency,
} from '@paidan/contracts';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { STATUSES, type Status } from '../../domain/work-item.js';
import { NOTE_KINDS } from '../postgres/migrations.js';

export class WorkItemsQuery {
  @IsOptional() @IsIn([...STATUSES]) status?: Status;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit?: number;
  /** `next` of the page before. */
  @IsOptional() @IsString() @Matches(/^[A-Za-z0-9_-]{1,80}$/) after?: string;
}

export class ReadingPurpose {
  /** Why a confidential text is read; recorded. */
  @IsOptional() @IsString() @Length(1, 300) @Matches(/^[^\u0000]*$/, { message: '$property has a NUL in it' }) purpose?: string;
}

/** 承办件 */
export class WorkItemSummary {
  @IsUUID() ticketId!: string;
  @IsString() number!: string;
  @IsIn([...STATUSES]) status!: Status;
  /** When it came into this status. */
  @IsISO8601() since!: string;
  @IsInt() assignment!: number;
  /** 主办 */
  @IsString() lead!: string;
  @IsIn([...APPEAL_TYPES]) appealType!: AppealType;
  @IsIn([...URGENCY]) urgency!: Urgency;
  @IsIn([...CONFIDENTIALITY]) confidentiality!: Confidentiality;
  @IsOptional() @IsString() matter?: string;
  @IsISO8601() receivedAt!: string;
  /** 直接指定: may not be returned. */
  @IsBoolean() designated!: boolean;
  @IsOptional() @IsISO8601() returnUntil?: string;
  /** 办结时限, where there is one now. */
  @IsOptional() @IsISO8601() dueAt?: string;
  /** When suspended work goes on by itself. */
  @IsOptional() @IsISO8601() suspendedUntil?: string;
  /** Round of the newest reply. */
  @IsOptional() @IsInt() round?: number;
  /** Of an open ticket. */
  @IsOptional() @IsString() title?: string;
}

export class WorkItemPage {
  @ValidateNested({ each: true }) @Type(() => WorkItemSummary) items!: WorkItemSummary[];
  /** Give it as `after` for the next page; absent on the last. */
  @IsOptional() @IsString() next?: string;
}

export class ContentShown {
  @IsString() title!: string;
  @IsString() text!: string;
  @IsOptional() @ValidateNested() place?: PlaceV1;
}

export class ReplyShown {
  @IsInt() round!: number;
  @IsString() officer!: string;
  @IsIn([...OUTCOMES]) outcome!: Outcome;
  @IsString() text!: string;
  @IsISO8601() submittedAt!: string;
}

export class NoteShown {
  @IsIn([...NOTE_KINDS]) kind!: (typeof NOTE_KINDS)[number];
  @IsInt() assignment!: number;
  @IsString() by!: string;
  @IsOptional() @IsInt() round?: number;
  /** How a contact went, why work was suspended, how much more time. */
  @IsOptional() @IsString() detail?: string;
  @IsOptional() @IsString() text?: string;
  @IsISO8601() at!: string;
}

/** 时限 */
export class DeadlineShown {
  @IsIn([...CLOCKS]) clock!: Clock;
  /** Absent while work is suspended and while the calendar of `awaitsYear` is not published. */
  @IsOptional() @IsISO8601() dueAt?: string;
  @IsOptional() @IsInt() awaitsYear?: number;
}

/** 黄牌, 红牌 */
export class CardView {
  @IsUUID() card!: string;
  @IsIn([...CARD_COLOURS]) colour!: CardColour;
  @IsIn([...CLOCKS]) clock!: Clock;
  @IsISO8601() dueAt!: string;
  @IsISO8601() issuedAt!: string;
  /** It was wrong. */
  @IsBoolean() withdrawn!: boolean;
}

/** 延期: the newest. */
export class ExtensionState {
  @IsInt() number!: number;
  /** For a decision. */
  @IsBoolean() waiting!: boolean;
}

/** An assignment and what has become of it, without anything that was written about it. */
export class WorkItemState extends WorkItemSummary {
  @IsString({ each: true }) coHandlers!: string[];
  @IsString({ each: true }) copies!: string[];
  /** Absent when the return window passed unused. */
  @IsOptional() @IsString() signedBy?: string;
  @IsOptional() @IsISO8601() signedAt?: string;
  /** What is still to be done, and by when. */
  @ValidateNested({ each: true }) @Type(() => DeadlineShown) deadlines!: DeadlineShown[];
  @ValidateNested({ each: true }) @Type(() => CardView) cards!: CardView[];
  @IsOptional() @ValidateNested() extension?: ExtensionState;
}

export class WorkItemView extends WorkItemState {
  /** What the caller's unit is in this assignment. */
  @IsIn([...ROLES]) role!: Role;
  /** While the unit has the ticket. */
  @IsOptional() @ValidateNested() content?: ContentShown;
  @ValidateNested({ each: true }) @Type(() => ReplyShown) replies!: ReplyShown[];
  @ValidateNested({ each: true }) @Type(() => NoteShown) notes!: NoteShown[];
}

/** A ticket of whatever unit, for operators. */
export class WorkItemOverview {
  @IsUUID() ticketId!: string;
  @IsIn([...STATUSES]) status!: Status;
  /** When it came into this status. */
  @IsISO8601() since!: string;
  /** Absent while its registration has not been heard. */
  @IsOptional() @IsString() number?: string;
  /** Absent before its first assignment. */
  @IsOptional() @ValidateNested() work?: WorkItemState;
}

export class StateShown {
  @IsIn([...STATUSES]) status!: string;
  @IsOptional() @IsInt() assignment?: number;
  @IsOptional() @IsString() holder?: string;
  @IsOptional() @IsInt() round?: number;
  @IsOptional() @IsString() officer?: string;
  @IsOptional() @IsISO8601() until?: string;
  @IsOptional() @ValidateNested() extension?: ExtensionState;
}

/** An accepted command. */
export class CommandReceipt {
  @IsUUID() commandId!: string;
  @IsUUID() ticketId!: string;
  @IsString() number!: string;
  @IsInt() assignment!: number;
  @ValidateNested() state!: StateShown;
}

export class ExtensionsQuery {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit?: number;
  /** `next` of the page before. */
  @IsOptional() @IsString() @Matches(/^[A-Za-z0-9_-]{1,80}$/) after?: string;
}

/** 延期待审 */
export class ExtensionRequest {
  @IsUUID() ticketId!: string;
  @IsString() number!: string;
  @IsString() unit!: string;
  @IsInt() assignment!: number;
  @IsInt() extension!: number;
  @ValidateNested() span!: SpanV1;
  @IsString() grounds!: string;
  @IsString() officer!: string;
  @IsISO8601() requestedAt!: string;
  /** 办结时限 as it is. */
  @IsOptional() @IsISO8601() dueAt?: string;
}

export class ExtensionRequestPage {
  @ValidateNested({ each: true }) @Type(() => ExtensionRequest) items!: ExtensionRequest[];
  @IsOptional() @IsString() next?: string;
}
