import {
  CARD_COLOURS,
  CLOCKS,
  STOP_REASONS,
  TIME_UNITS,
  UNIT_CODE,
  type CardColour,
  type Clock as ClockName,
  type StopReason,
  type TimeUnit,
} from '@paidan/contracts';
import { DAY_KINDS, type DayKind } from '@paidan/kernel';
import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsNumber,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { STATUSES, type Status } from '../../domain/ticket-clocks.js';

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const STAGES = ['warning', ...CARD_COLOURS] as const;
const STAGE_STATES = ['ahead', 'happened', 'withdrawn', 'spared'] as const;

export class RecomputeClock {
  /** Made by the sender; the same again gets the same answer. */
  @Matches(UUID, { message: '$property must be a UUID in lower case' })
  commandId!: string;
}

/** What is told in both languages. */
export class WordsShown {
  @IsString() en!: string;
  @IsString() zh!: string;
}

export class SpanShown {
  @IsNumber() count!: number;
  @IsIn([...TIME_UNITS]) unit!: TimeUnit;
}

export class PolicyShown {
  @IsString() code!: string;
  @IsInt() version!: number;
  /** 签收 */
  @ValidateNested() sign!: SpanShown;
  /** 联系诉求人 */
  @ValidateNested() respond!: SpanShown;
  /** 办结 */
  @ValidateNested() finish!: SpanShown;
  /** 预警: so long before the deadline. */
  @ValidateNested() warnBefore!: SpanShown;
  /** 红牌: so long after it. */
  @ValidateNested() redAfter!: SpanShown;
}

/** One day of the count. */
export class DayShown {
  @IsString() date!: string;
  @IsIn([...DAY_KINDS]) kind!: DayKind;
  /** Of the holiday, or of the one that a make-up day is worked for. */
  @IsOptional() @IsString() name?: string;
  /** 1 or 0 for a day, hours or minutes for limits in those. */
  @IsNumber() counted!: number;
  /** Counted so far, of the limit or of the extension that the day belongs to. */
  @IsNumber() total!: number;
  @ValidateNested() of!: SpanShown;
  @ValidateNested() words!: WordsShown;
}

/** 预警, 黄牌, 红牌 */
export class StageShown {
  @IsIn([...STAGES]) stage!: (typeof STAGES)[number];
  /** Absent while there is no deadline. */
  @IsOptional() @IsISO8601() at?: string;
  /** `spared`: the clock stopped before. */
  @IsIn([...STAGE_STATES]) state!: (typeof STAGE_STATES)[number];
}

export class PauseShown {
  @IsISO8601() from!: string;
  @IsOptional() @IsISO8601() to?: string;
}

export class CardSeen {
  @IsUUID() card!: string;
  @IsIn([...CARD_COLOURS]) colour!: CardColour;
  @IsISO8601() dueAt!: string;
  @IsISO8601() issuedAt!: string;
  @IsBoolean() withdrawn!: boolean;
}

export class StopShown {
  @IsIn([...STOP_REASONS]) because!: StopReason;
  @IsISO8601() at!: string;
}

export class ShortenedShown {
  /** The limit it had before. */
  @ValidateNested() from!: SpanShown;
  @IsISO8601() at!: string;
}

export class ClockShown {
  @IsIn([...CLOCKS]) clock!: ClockName;
  /** Absent on the citizen’s clock. */
  @IsOptional() @IsInt() assignment?: number;
  @IsOptional() @IsString() unit?: string;
  @ValidateNested() span!: SpanShown;
  /** Since dispatch found the ticket more urgent than it was registered. */
  @IsOptional() @ValidateNested() shortened?: ShortenedShown;
  @IsISO8601() startedAt!: string;
  /** Absent while work is suspended or the year is unpublished. */
  @IsOptional() @IsISO8601() dueAt?: string;
  /** Year whose calendar is not published: no deadline until it is. */
  @IsOptional() @IsInt() awaitsYear?: number;
  /** Left while work is suspended. */
  @IsOptional() @ValidateNested() left?: SpanShown;
  @IsOptional() @ValidateNested() stopped?: StopShown;
  @ValidateNested({ each: true }) @Type(() => StageShown) stages!: StageShown[];
  @ValidateNested({ each: true }) @Type(() => PauseShown) pauses!: PauseShown[];
  @ValidateNested({ each: true }) @Type(() => SpanShown) extensions!: SpanShown[];
  @ValidateNested({ each: true }) @Type(() => CardSeen) cards!: CardSeen[];
  @ValidateNested() words!: WordsShown;
  /** How the deadline comes about, day by day. */
  @ValidateNested({ each: true }) @Type(() => DayShown) days!: DayShown[];
}

export class TicketClockView {
  @IsUUID() ticketId!: string;
  @IsString() number!: string;
  @IsIn([...STATUSES]) status!: Status;
  /** An event of this ticket could not be processed: what follows is as of before it. */
  @IsBoolean() parked!: boolean;
  @IsOptional() @IsString() holder?: string;
  @ValidateNested() policy!: PolicyShown;
  @ValidateNested({ each: true }) @Type(() => ClockShown) clocks!: ClockShown[];
}

export class RecomputeReceipt {
  @IsUUID() ticketId!: string;
  /** How much there was to say: deadlines that moved, verdicts, cards withdrawn. */
  @IsInt() events!: number;
}

export class YearParams {
  @Type(() => Number) @IsInt() @Min(2000) @Max(2999) year!: number;
}

export class HolidayDay {
  @IsString() name!: string;
  /** `2026-02-14` */
  @IsString() date!: string;
  /** true: a day off; false: a weekend day that is worked (调休). */
  @IsBoolean() isOffDay!: boolean;
}

/** A year of holidays as holiday-cn writes it. */
export class HolidayFile {
  @IsOptional() @IsString() $schema?: string;
  @IsOptional() @IsString() $id?: string;
  @IsInt() year!: number;
  /** Addresses of the notices of the State Council. */
  @IsArray() @IsString({ each: true }) papers!: string[];
  @IsArray() @ValidateNested({ each: true }) @Type(() => HolidayDay) days!: HolidayDay[];
}

export class CalendarView {
  @IsInt() year!: number;
  @IsInt() workingDays!: number;
  @IsString({ each: true }) papers!: string[];
  @ValidateNested({ each: true }) @Type(() => HolidayDay) days!: HolidayDay[];
  /** Of a year that an operator loaded; otherwise it came with the release. */
  @IsOptional() @IsISO8601() loadedAt?: string;
  @IsOptional() @IsString() loadedBy?: string;
}

export class AccountabilityQuery {
  @IsOptional() @Matches(UNIT_CODE) unit?: string;
  /** `2026-03`, by the time of Shanghai. */
  @IsOptional() @Matches(/^2\d{3}-(0[1-9]|1[0-2])$/) month?: string;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(500) limit?: number;
  /** `next` of the page before. */
  @IsOptional() @Matches(/^[A-Za-z0-9_-]{1,120}$/) after?: string;
}

/** 问责记录 */
export class AccountabilityEntry {
  @IsUUID() card!: string;
  @IsUUID() ticketId!: string;
  @IsString() number!: string;
  @IsString() unit!: string;
  @IsInt() assignment!: number;
  @IsIn([...CLOCKS]) clock!: ClockName;
  @IsString() rule!: string;
  @IsISO8601() dueAt!: string;
  @IsISO8601() issuedAt!: string;
  /** The card was wrong: it counts for nothing. */
  @IsOptional() @IsISO8601() withdrawnAt?: string;
  @IsOptional() @IsString() withdrawnBy?: string;
}

export class AccountabilityPage {
  @ValidateNested({ each: true }) @Type(() => AccountabilityEntry) items!: AccountabilityEntry[];
  /** Give it as `after` for the next page; absent on the last. */
  @IsOptional() @IsString() next?: string;
}
