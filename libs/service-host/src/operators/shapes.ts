import { SERVICES, type Service } from '@paidan/contracts';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
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
import { TicketId } from '../http/ticket-params.js';

/* What operators ask every service, and are answered. No member holds anything that a citizen or a department wrote, save a quarantined value. */

export class ListQuery {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(1_000) limit?: number;
}

export class SequencesQuery {
  /** `next` of the page before. */
  @IsOptional() @TicketId() after?: string;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(10_000) limit?: number;
}

/** 撤除: throws away the record that a ticket waits for. */
export class DiscardRecord {
  /** `record` of the first of those that wait: only this one is thrown away, whatever has come first since it was shown. */
  @Matches(/^\d{1,18}$/, { message: '$property must be the number of a waiting record', context: { zh: '必须是等待记录的编号' } })
  record!: string;
  /** Why it will never be processed; kept with it. */
  @IsString() @Length(1, 500) @Matches(/^[^\u0000]*$/, { message: '$property has a NUL in it' }) reason!: string;
}

export class FailureShown {
  @IsString() code!: string;
  @IsString() message!: string;
}

/** Whose word a record is, and under which number of the ticket. */
export class NumberShown {
  @IsIn([...SERVICES]) service!: Service;
  @IsInt() epoch!: number;
  @IsInt() sequence!: number;
}

export class RecordView {
  @IsString() topic!: string;
  @IsInt() partition!: number;
  @IsInt() offset!: number;
  /** The CloudEvents type of an event, `command sign`, `timer return-window`, or `unknown`. */
  @IsString() type!: string;
  /** As far as it can be believed. */
  @IsOptional() @ValidateNested() said?: NumberShown;
  /** When it was said. */
  @IsOptional() @IsISO8601() time?: string;
}

export class WaitingView extends RecordView {
  /** What a discard names it by. */
  @IsString() record!: string;
  @IsISO8601() parkedAt!: string;
  /** Why the ticket waits; absent where nobody has tried to process it since it waits. */
  @IsOptional() @ValidateNested() error?: FailureShown;
}

export class WaitingList {
  @IsUUID() ticketId!: string;
  /** Of all of them. */
  @IsInt() count!: number;
  /** In order: the first is what the ticket waits for. */
  @ValidateNested({ each: true }) @Type(() => WaitingView) records!: WaitingView[];
}

export class ParkedView {
  @IsUUID() ticketId!: string;
  @IsInt() waiting!: number;
  @IsISO8601() since!: string;
  @IsString() errorCode!: string;
  @IsString() errorMessage!: string;
}

export class ParkedList {
  /** Of all of them. */
  @IsInt() count!: number;
  @ValidateNested({ each: true }) @Type(() => ParkedView) tickets!: ParkedView[];
}

export class ReplayView {
  @IsUUID() ticketId!: string;
  /** Records decided now. */
  @IsInt() replayed!: number;
  /** 0 when the ticket flows again. */
  @IsInt() remaining!: number;
  /** Why it does not. */
  @IsOptional() @ValidateNested() error?: FailureShown;
}

export class DiscardedView extends RecordView {
  @IsString() record!: string;
  /** Why it could not be processed. */
  @ValidateNested() error!: FailureShown;
  @IsString() reason!: string;
  /** Who threw it away: `sub` of the token. */
  @IsString() by!: string;
  @IsISO8601() at!: string;
  /** Its number counts as handled: should it come again, it is passed over. */
  @IsBoolean() handled!: boolean;
}

export class DiscardView {
  @ValidateNested() discarded!: DiscardedView;
  /** What became of the records behind it. */
  @ValidateNested() replay!: ReplayView;
}

/** A ticket as the runtime of a service holds it. */
export class StandingView {
  @IsIn([...SERVICES]) service!: Service;
  @IsUUID() ticketId!: string;
  @IsInt() epoch!: number;
  /** Number of the last event that the service has said of it. */
  @IsInt() sequence!: number;
  @IsBoolean() parked!: boolean;
  /** Records that wait here. */
  @IsInt() waiting!: number;
  /** Events that wait to be sent, messages to units and channels that do, and those of both that could not be. */
  @IsInt() unsentEvents!: number;
  @IsInt() unsentNotices!: number;
  @IsInt() setAside!: number;
  @ValidateNested({ each: true }) @Type(() => DiscardedView) discarded!: DiscardedView[];
}

export class SequenceView {
  @IsUUID() ticketId!: string;
  @IsInt() sequence!: number;
}

export class SequencesPage {
  @IsString() service!: string;
  /** In which the service speaks now. */
  @IsInt() epoch!: number;
  @ValidateNested({ each: true }) @Type(() => SequenceView) tickets!: SequenceView[];
  /** Give it as `after` for the next page; absent on the last. */
  @IsOptional() @IsString() next?: string;
}

export class QuarantinePlace {
  @IsString() @Length(1, 200) topic!: string;
  @Type(() => Number) @IsInt() @Min(0) @Max(2_147_483_647) partition!: number;
  @Type(() => Number) @IsInt() @Min(0) @Max(Number.MAX_SAFE_INTEGER) offset!: number;
}

export class QuarantineQuery {
  /** `true` shows the value too; the look is logged under the caller's name. */
  @IsOptional() @IsIn(['true', 'false']) value?: 'true' | 'false';
}

export class QuarantinedView {
  @IsString() topic!: string;
  @IsInt() partition!: number;
  @IsInt() offset!: number;
  @IsString() reason!: string;
  @IsString() detail!: string;
  /** Of its value. */
  @IsInt() bytes!: number;
  @IsISO8601() quarantinedAt!: string;
}

export class QuarantineList {
  /** Of all of them. */
  @IsInt() count!: number;
  @ValidateNested({ each: true }) @Type(() => QuarantinedView) records!: QuarantinedView[];
}

export class QuarantinedWhole extends QuarantinedView {
  /** There is a seal in it: then the value is never shown. */
  @IsOptional() @IsBoolean() sealed?: boolean;
  /** Its beginning, without phone and identity numbers. */
  @IsOptional() @IsString() value?: string;
}

/** Says once more what was said. */
export class Republish {
  /** Real time; what was said before it is taken for heard. */
  @IsISO8601({ strict: true })
  @Matches(/(?:Z|[+-]\d{2}:\d{2})$/, { message: '$property needs an offset from UTC', context: { zh: '必须带时区' } })
  since!: string;
}

export class HeldView {
  /** When the hold began. */
  @IsISO8601() since!: string;
}

export class TakenLogView {
  /** The Kafka cluster that this service belongs to now. */
  @IsString() cluster!: string;
  /** Topics that are read from elsewhere now. */
  @IsString({ each: true }) topics!: string[];
}

export class SaidAgainView {
  @IsInt() events!: number;
  /** To departments and channels. */
  @IsInt() notices!: number;
}

export class LossView {
  /** Like `contact-data`. */
  @IsString() what!: string;
  @IsInt() count!: number;
  /** The first of them, by their human numbers or ids. */
  @IsString({ each: true }) tickets!: string[];
}

/** The last time that this service's schema was restored from a back-up. */
export class RestorationView {
  @IsString() service!: string;
  /** In which the service speaks now. */
  @IsInt() epoch!: number;
  @IsISO8601() begunAt!: string;
  /** Absent while the service takes nothing. */
  @IsOptional() @IsISO8601() endedAt?: string;
  /** Told by whoever restored it; else found by the positions. */
  @IsBoolean() told!: boolean;
  /** The schema had nothing in it: it was made anew. */
  @IsBoolean() emptied!: boolean;
  /** It waits for what the log no longer has to be told again. */
  @IsBoolean() wantsHistory!: boolean;
  /** Own words of the log that were folded. */
  @IsInt() recalled!: number;
  /** Those that could not be folded: their ticket is parked, or the release doesn’t know them. */
  @IsInt() unfolded!: number;
  /** What nobody had been told yet. */
  @IsInt() saidAnew!: number;
  /** Notices to departments and channels that had gone out before. */
  @IsInt() noticesNotRepeated!: number;
  /** Departments’ commands that had been handled before: repeated by their senders they are new ones. */
  @IsInt() commandsPassedOver!: number;
  /** Records that left the log before the service had read them; nobody is told what comes of their events. */
  @IsInt() goneUnread!: number;
  /** What the log could not give back. */
  @ValidateNested({ each: true }) @Type(() => LossView) lost!: LossView[];
}

/** Records of one partition, from the first to before the last. */
export class StretchShape {
  @IsInt() @Min(0) partition!: number;
  @IsInt() @Min(0) from!: number;
  @IsInt() @Min(0) to!: number;
}

export class PlaceShape {
  @IsInt() @Min(0) partition!: number;
  @IsInt() @Min(0) offset!: number;
}

/** Every ticket’s story, told again in `paidan.tickets.retold`, and where `paidan.tickets` goes on from it. */
export class RetoldShape {
  /** Kafka’s cluster id. */
  @IsString() @Length(1, 200) cluster!: string;
  /** Where it lies. */
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => StretchShape) stretches!: StretchShape[];
  /** The first record of each partition of the log that isn’t in it. */
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => PlaceShape) positions!: PlaceShape[];
}
