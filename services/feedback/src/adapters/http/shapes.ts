import { CLOSE_REASONS, OUTCOMES, Shown, type CloseReason, type Outcome } from '@paidan/contracts';
import { RetoldShape, TicketId } from '@paidan/service-host';
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
import { STATUSES, type Status } from '../../domain/ticket.js';

export class TicketOrNumber {
  /** A ticket id, or a number like 20261122-000123. */
  @IsString() @Length(1, 60) @Matches(/^[^\u0000]*$/, { message: '$property has a NUL in it' }) ticket!: string;
}

/** The same in both languages. */
export class TextInBoth {
  @IsString() en!: string;
  @IsString() zh!: string;
}

/** 答复, as the citizen sees it. */
export class ReplyShown {
  /** To be named when this reply is rated. */
  @IsInt() round!: number;
  @IsString() text!: string;
  @IsISO8601() answeredAt!: string;
  /** Who answers; absent when it is the desk. */
  @IsOptional() @IsString() unit?: string;
  @IsOptional() @IsIn([...OUTCOMES]) outcome?: Outcome;
  @IsOptional() @ValidateNested() outcomeWords?: TextInBoth;
}

export class RatingShown {
  @IsInt() round!: number;
  @IsInt() @Min(1) @Max(5) stars!: number;
}

export class ClosedShown {
  @IsIn([...CLOSE_REASONS]) because!: CloseReason;
  @IsISO8601() at!: string;
}

/** 查询结果 */
export class ProgressShown {
  @IsString() number!: string;
  @IsIn(STATUSES.filter((status) => status !== 'unregistered')) status!: Status;
  /** Where it stands, in words. */
  @ValidateNested() state!: TextInBoth;
  /** The newest reply. */
  @IsOptional() @ValidateNested() reply?: ReplyShown;
  /** The round of the reply that may be rated now. */
  @IsOptional() @IsInt() mayRate?: number;
  @ValidateNested({ each: true }) @Type(() => RatingShown) ratings!: RatingShown[];
  @IsOptional() @ValidateNested() closed?: ClosedShown;
}

/** A rating that was taken. */
export class RatingReceipt {
  @IsString() number!: string;
  @IsInt() round!: number;
  /** Number of the rating within the ticket; the second is final. */
  @IsInt() rating!: number;
  /** What it led to: the ticket is done over, or closed and why. */
  @IsIn(['reopened', ...CLOSE_REASONS]) led!: 'reopened' | CloseReason;
  @ValidateNested() words!: TextInBoth;
}

/** A line of a trail. */
export class TrailEntryShown {
  @IsISO8601() at!: string;
  /** The service that said it. */
  @IsString() service!: string;
  @IsInt() sequence!: number;
  @IsString() event!: string;
  @IsString() en!: string;
  @IsString() zh!: string;
}

/** 工单轨迹 */
export class TrailShown {
  @IsUUID() ticketId!: string;
  @IsOptional() @IsString() number?: string;
  @IsIn([...STATUSES]) status!: Status;
  /** The main steps in one line. */
  @ValidateNested() line!: TextInBoth;
  /** Everything, in the order in which it was heard. */
  @ValidateNested({ each: true }) @Type(() => TrailEntryShown) entries!: TrailEntryShown[];
}

export class HeardQuery {
  /** `next` of the page before. */
  @IsOptional() @TicketId() after?: string;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(10_000) limit?: number;
}

/** What lies in the trail of a ticket. */
export class TicketHeard {
  @IsUUID() ticketId!: string;
  /** Of each service. */
  @Shown({
    type: 'object',
    additionalProperties: {
      type: 'object',
      required: ['epoch', 'sequence', 'count'],
      properties: { epoch: { type: 'integer' }, sequence: { type: 'integer' }, count: { type: 'integer' } },
    },
  })
  heard!: Readonly<Record<string, { readonly epoch: number; readonly sequence: number; readonly count: number }>>;
  @IsBoolean() parked!: boolean;
}

export class HeardPage {
  @ValidateNested({ each: true }) @Type(() => TicketHeard) tickets!: readonly TicketHeard[];
  /** Give it as `after` for the next page; absent on the last. */
  @IsOptional() @IsUUID() next?: string;
}

export class GapsQuery {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(1_000) limit?: number;
}

export class GapParams {
  @Matches(/^\d{1,15}$/, { message: '$property must be the number of a gap' }) gap!: string;
}

export class RetellingParams {
  @Matches(/^\d{1,15}$/, { message: '$property must be the number of a retelling' }) retelling!: string;
}

export class RetellingView {
  @IsString() retelling!: string;
  @IsISO8601() begunAt!: string;
  /** So far. */
  @IsInt() tickets!: number;
  @IsInt() events!: number;
  @IsOptional() @IsISO8601() endedAt?: string;
  /** Why it came to nothing. */
  @IsOptional() @IsString() failure?: string;
  /** What it came to: for `POST /v1/operations/restoration/history` of the service that needs it. */
  @IsOptional() @ValidateNested() @Type(() => RetoldShape) retold?: RetoldShape;
}

export class GapSettlement {
  /** What became of the missing numbers: found elsewhere, lost, said by mistake. */
  @IsString() @Length(1, 500) @Matches(/^[^\u0000]*$/, { message: '$property has a NUL in it' }) note!: string;
}

/** Numbers of a service that never came. */
export class GapShown {
  @IsString() gap!: string;
  @IsUUID() ticketId!: string;
  @IsString() service!: string;
  @IsInt() epoch!: number;
  @IsInt() first!: number;
  @IsInt() last!: number;
  @IsISO8601() foundAt!: string;
}

export class GapList {
  @IsInt() found!: number;
  @IsInt() open!: number;
  @ValidateNested({ each: true }) @Type(() => GapShown) gaps!: GapShown[];
}

export class GapSettled {
  @IsString() gap!: string;
  @IsBoolean() settled!: boolean;
}
