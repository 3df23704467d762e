import {
  APPEAL_TYPES,
  CHANNELS,
  CLOSE_REASONS,
  CONFIDENTIALITY,
  DECISION_REASONS,
  HOLD_REASONS,
  INTEGRATIONS,
  LINK_KINDS,
  RELEASE_REFUSALS,
  RETURN_REASONS,
  RETURN_REFUSALS,
  RULED_OUT_REASONS,
  UNIT_KINDS,
  UNLINK_REASONS,
  URGENCY,
  Shown,
  type AppealType,
  type ChannelKind,
  type CloseReason,
  type Confidentiality,
  type DecisionReason,
  type HoldReason,
  type Integration,
  type LinkKind,
  type ReleaseRefusal,
  type ReturnReason,
  type ReturnRefusal,
  type RuledOutReason,
  type UnitKind,
  type UnlinkReason,
  type Urgency,
} from '@paidan/contracts';
import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsIn, IsInt, IsISO8601, IsNumber, IsOptional, IsString, IsUUID, ValidateNested } from 'class-validator';
import { LIKENESSES } from '../../domain/duplicates/likeness.js';
import { STATUSES, type Status } from '../../domain/ticket.js';
import { LEVELS, type Level } from '../../domain/routing/directory.js';

/* What dispatch answers, for the OpenAPI document. */

const BY = ['unit', 'street', 'district', 'utility'] as const;
const DID = [
  'assigned',
  'held',
  'return-accepted',
  'return-refused',
  'release-requested',
  'request-dropped',
  'linked',
  'unlinked',
] as const;

/** The same in both languages. */
export class InBoth {
  @IsString() zh!: string;
  @IsString() en!: string;
}

/** Each in sentences, the outcome first. */
export class SentencesInBoth {
  @IsString({ each: true }) zh!: readonly string[];
  @IsString({ each: true }) en!: readonly string[];
}

/** Left out: from ever, or for good. */
export class PeriodShown {
  /** In force from this instant. */
  @IsOptional() @IsISO8601() from?: string;
  /** Not in force any more at this instant. */
  @IsOptional() @IsISO8601() until?: string;
}

export class UnitShown extends PeriodShown {
  @IsString() code!: string;
  @IsString() name!: string;
  @IsString({ each: true }) aliases!: readonly string[];
  @IsIn([...UNIT_KINDS]) kind!: UnitKind;
  @IsIn([...LEVELS]) level!: Level;
  /** The unit it belongs to. */
  @IsOptional() @IsString() parent?: string;
  @IsString({ each: true }) areas!: readonly string[];
  @IsIn([...INTEGRATIONS]) integration!: Integration;
  @IsBoolean() active!: boolean;
}

export class UnitsShown {
  @IsInt() version!: number;
  @IsArray() @ValidateNested({ each: true }) @Type(() => UnitShown) units!: readonly UnitShown[];
}

export class AreaShown {
  @IsString() code!: string;
  @IsString() name!: string;
  @IsIn([...LEVELS]) level!: Level;
  @IsOptional() @IsString() parent?: string;
  @IsString({ each: true }) aliases!: readonly string[];
}

export class TopicShown {
  @IsString() code!: string;
  @IsString() name!: string;
  @IsString() english!: string;
}

/** A unit, or whoever is there for the place (属地). */
export class HandlerShown {
  @IsIn([...BY]) by!: (typeof BY)[number];
  @IsOptional() @IsString() unit?: string;
}

export class MatterShown {
  @IsString() code!: string;
  @IsString() name!: string;
  @IsString() english!: string;
  /** Level 1 of the catalogue. */
  @IsString() topic!: string;
  @ValidateNested() lead!: HandlerShown;
  @IsArray() @ValidateNested({ each: true }) @Type(() => HandlerShown) coHandlers!: readonly HandlerShown[];
}

export class DirectoryVersionShown {
  @IsInt() version!: number;
  @IsInt() count!: number;
  @IsString() hash!: string;
}

export class DirectoryVersionKept extends DirectoryVersionShown {
  @IsISO8601() activeAt!: string;
  /** Who sent it; left out, it came from the city's folder. */
  @IsOptional() @IsString() importedBy?: string;
}

export class DirectoryShown extends DirectoryVersionKept {
  /** How many. */
  @IsInt() units!: number;
  @IsInt() responsibilities!: number;
  @IsInt() mailboxes!: number;
  /** The newest ones, the one in force first. */
  @IsArray() @ValidateNested({ each: true }) @Type(() => DirectoryVersionKept) versions!: readonly DirectoryVersionKept[];
  @IsArray() @ValidateNested({ each: true }) @Type(() => AreaShown) areas!: readonly AreaShown[];
  @IsArray() @ValidateNested({ each: true }) @Type(() => TopicShown) topics!: readonly TopicShown[];
  @IsArray() @ValidateNested({ each: true }) @Type(() => MatterShown) matters!: readonly MatterShown[];
}

/** One thing that speaks for a decision: the code for programs, the sentences for people. */
export class ReasonShown extends InBoth {
  @IsIn([...DECISION_REASONS]) code!: DecisionReason;
  @IsOptional() @IsString() unit?: string;
  @IsOptional() @IsString() matter?: string;
  @IsOptional() @IsString() adminCode?: string;
  /** Quoted from the appeal; none of a ticket under seal. */
  @IsOptional() @IsString({ each: true }) words?: readonly string[];
  @IsOptional() @IsNumber() score?: number;
  @IsOptional() @IsString() note?: string;
  /** Id of the rule. */
  @IsOptional() @IsString() rule?: string;
  @IsOptional() @ValidateNested() title?: InBoth;
}

export class CandidateShown {
  @IsString() unit!: string;
  @IsString() name!: string;
  @IsNumber() score!: number;
  @IsArray() @ValidateNested({ each: true }) @Type(() => ReasonShown) reasons!: readonly ReasonShown[];
}

export class RuledOutShown extends InBoth {
  @IsString() unit!: string;
  @IsString() name!: string;
  @IsIn([...RULED_OUT_REASONS]) reason!: RuledOutReason;
}

/** Somebody is looking at it: orders of others are refused until then, but for a supervisor's. */
export class ClaimShown {
  /** Subject of the dispatcher's token. */
  @IsString() by!: string;
  @IsISO8601() until!: string;
}

/** A ticket that waits for a dispatcher. */
class Waiting {
  @IsUUID() ticketId!: string;
  @IsString() number!: string;
  /** Goes into an order. */
  @IsInt() decisionVersion!: number;
  @IsIn([...APPEAL_TYPES]) appealType!: AppealType;
  @IsIn([...URGENCY]) urgency!: Urgency;
  @IsIn([...CONFIDENTIALITY]) confidentiality!: Confidentiality;
  @IsString() channel!: string;
  @IsISO8601() receivedAt!: string;
  @ValidateNested() explanation!: InBoth;
  /** Code of the catalogue; null where none was found. */
  @Shown({ type: ['string', 'null'] }) matter!: string | null;
  @IsOptional() @IsString() matterName?: string;
  /** Of an open ticket. */
  @IsOptional() @IsString() title?: string;
  @IsString({ each: true }) returnedBy!: readonly string[];
  @IsOptional() @ValidateNested() claim?: ClaimShown;
  @IsBoolean() parked!: boolean;
}

/** 待派单 */
export class HeldTicket extends Waiting {
  @IsISO8601() heldSince!: string;
  @IsIn([...HOLD_REASONS]) reason!: HoldReason;
  @IsArray() @ValidateNested({ each: true }) @Type(() => CandidateShown) candidates!: readonly CandidateShown[];
}

export class HeldPage {
  /** Of all that wait, counted up to 10,000; the metric has them all. */
  @IsInt() held!: number;
  @IsArray() @ValidateNested({ each: true }) @Type(() => HeldTicket) tickets!: readonly HeldTicket[];
  /** Give it as `after` for the next page; absent on the last. */
  @IsOptional() @IsString() next?: string;
}

/** 退单: what the unit says against holding it. */
export class ObjectionShown {
  @IsISO8601() at!: string;
  @IsIn([...RETURN_REASONS]) because!: ReturnReason;
  /** Subject of the officer's token. */
  @IsString() officer!: string;
  /** In the unit's own words; absent for operators, who read nothing that was written. */
  @IsOptional() @IsString() grounds?: string;
}

/** 退单待审 */
export class ReturnedTicket extends Waiting {
  @IsISO8601() returnedAt!: string;
  /** The assignment that was returned, and by whom; both go into the answer. */
  @IsInt() assignment!: number;
  @IsString() unit!: string;
  @IsString() unitName!: string;
  @ValidateNested() objection!: ObjectionShown;
}

export class ReturnedPage {
  /** Of all that wait, counted up to 10,000; the metric has them all. */
  @IsInt() returned!: number;
  @IsArray() @ValidateNested({ each: true }) @Type(() => ReturnedTicket) tickets!: readonly ReturnedTicket[];
  /** Give it as `after` for the next page; absent on the last. */
  @IsOptional() @IsString() next?: string;
}

/** How often a ticket that one unit returned and another was given came back from there as well. */
export class UnitPairShown {
  @IsString() from!: string;
  @IsString() fromName!: string;
  @IsString() to!: string;
  @IsString() toName!: string;
  @IsInt() handedOver!: number;
  @IsInt() returnedAgain!: number;
  /** `returnedAgain` of `handedOver`, 0…1. */
  @IsNumber() rate!: number;
}

export class UnitPairsShown {
  @IsISO8601() since!: string;
  /** The pairs with the most tickets that came back first. */
  @IsArray() @ValidateNested({ each: true }) @Type(() => UnitPairShown) pairs!: readonly UnitPairShown[];
}

/** Who decided: a rule by its name, or a person. */
export class DeciderShown {
  @IsIn(['rule', 'person']) kind!: 'rule' | 'person';
  @IsOptional() @IsString() rule?: string;
  @IsOptional() @IsString() subject?: string;
}

/** Where a person wants it to go. */
export class TargetShown {
  @IsString() lead!: string;
  @IsString({ each: true }) coHandlers!: readonly string[];
  @IsString({ each: true }) copies!: readonly string[];
  @Shown({ type: ['string', 'null'] }) matter!: string | null;
  @IsBoolean() designated!: boolean;
  @ValidateNested() by!: DeciderShown;
  /** 派单意见; absent for operators, who read nothing that was written. */
  @IsOptional() @IsString() opinion?: string;
}

/** One decision; which members there are depends on `did`. */
export class DecisionShown {
  @IsInt() version!: number;
  @IsIn([...DID]) did!: (typeof DID)[number];
  @IsISO8601() at!: string;
  @ValidateNested() explanation!: SentencesInBoth;
  @IsOptional() @IsInt() assignment?: number;
  /** Whose assignment was returned, or is to be released. */
  @IsOptional() @IsString() unit?: string;
  @IsOptional() @IsString() lead?: string;
  @IsOptional() @IsString({ each: true }) coHandlers?: readonly string[];
  @IsOptional() @IsString({ each: true }) copies?: readonly string[];
  @IsOptional() @ValidateNested() by?: DeciderShown;
  @IsOptional() @IsBoolean() designated?: boolean;
  @IsOptional() @IsISO8601() returnUntil?: string;
  /** Of a return that came too late: when the window for it ended. */
  @IsOptional() @IsISO8601() windowEnded?: string;
  @IsOptional() @IsString() opinion?: string;
  /** Why it is held. */
  @IsOptional() @IsIn([...HOLD_REASONS]) reason?: HoldReason;
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => CandidateShown) candidates?: readonly CandidateShown[];
  @IsOptional() @Shown({ type: ['string', 'null'] }) matter?: string | null;
  @IsOptional() @IsNumber() confidence?: number;
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => ReasonShown) reasons?: readonly ReasonShown[];
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => RuledOutShown) ruledOut?: readonly RuledOutShown[];
  @IsOptional() @IsInt() directoryVersion?: number;
  @IsOptional() @IsInt() rulesVersion?: number;
  /** Where a rule raised it. */
  @IsOptional() @IsIn([...URGENCY]) urgency?: Urgency;
  /** Why it may not be returned, was kept, or is no longer under its master. */
  @IsOptional() @IsIn([...RETURN_REFUSALS, ...RELEASE_REFUSALS, ...UNLINK_REASONS]) because?: ReturnRefusal | ReleaseRefusal | UnlinkReason;
  /** 主单. */
  @IsOptional() @IsUUID() master?: string;
  @IsOptional() @IsString() masterNumber?: string;
  @IsOptional() @IsIn([...LINK_KINDS]) link?: LinkKind;
  @IsOptional() @ValidateNested() target?: TargetShown;
  @IsOptional() @ValidateNested() objection?: ObjectionShown;
  /** What was written to the unit whose return was refused, or about why it is no longer linked; absent for operators. */
  @IsOptional() @IsString() note?: string;
}

export class ClosingShown {
  @IsISO8601() at!: string;
  @IsIn([...CLOSE_REASONS]) because!: CloseReason;
  @ValidateNested() explanation!: InBoth;
}

/** Where the ticket is now. */
export class TicketState {
  @IsUUID() ticketId!: string;
  @IsIn([...STATUSES]) status!: Status;
  /** Goes into an order. */
  @IsInt() decisionVersion!: number;
  @IsOptional() @IsInt() assignment?: number;
  @IsOptional() @IsString() lead?: string;
  /** Where it goes when its holder lets it go. */
  @IsOptional() @IsString() target?: string;
  /** 主单 of one that is linked. */
  @IsOptional() @IsUUID() master?: string;
  @IsOptional() @IsString() masterNumber?: string;
  @IsOptional() @ValidateNested() claim?: ClaimShown;
  /** Why it was closed. */
  @IsOptional() @IsIn([...CLOSE_REASONS]) because?: CloseReason;
}

/** What became of one ticket of many: as `POST …/assignment` answers it. */
export class OneOfManyAnswered {
  @IsUUID() ticketId!: string;
  @IsIn(['assigned', 'refused']) outcome!: 'assigned' | 'refused';
  /** Of the problem, where it was refused. */
  @IsOptional() @IsString() code?: string;
  @IsOptional() @IsString() detail?: string;
  @IsOptional() @IsIn([...STATUSES]) status?: Status;
  @IsOptional() @IsInt() decisionVersion?: number;
  @IsOptional() @IsInt() assignment?: number;
  @IsOptional() @IsString() lead?: string;
}

export class ManyAnswered {
  /** How many. */
  @IsInt() assigned!: number;
  @IsInt() refused!: number;
  /** As they were sent. */
  @IsArray() @ValidateNested({ each: true }) @Type(() => OneOfManyAnswered) tickets!: readonly OneOfManyAnswered[];
}

/** 派单情况 */
/** 群体性预警. */
export class GroupAlertShown {
  /** Admin code of a street or community. */
  @IsString() area!: string;
  @IsString() matter!: string;
  @IsISO8601() raisedAt!: string;
  @IsISO8601() lastAt!: string;
  /** Different ones within the window. */
  @IsInt() persons!: number;
  /** The newest first. */
  @IsUUID(undefined, { each: true }) ticketIds!: readonly string[];
  @ValidateNested() explanation!: InBoth;
}

export class GroupAlertsShown {
  @IsArray() @ValidateNested({ each: true }) @Type(() => GroupAlertShown) alerts!: readonly GroupAlertShown[];
}

/** An earlier ticket that says nearly the same. */
export class AlikeShown {
  @IsUUID() ticketId!: string;
  @IsString() number!: string;
  /** Share of what both say, 0 to 1. */
  @IsNumber() score!: number;
  @IsIn([...LIKENESSES]) because!: (typeof LIKENESSES)[number];
  @ValidateNested() explanation!: InBoth;
}

export class RoutingShown extends TicketState {
  @IsBoolean() parked!: boolean;
  @IsString() number!: string;
  @IsISO8601() receivedAt!: string;
  @IsString() channel!: string;
  @IsOptional() @IsIn([...CHANNELS]) channelKind?: ChannelKind;
  @IsIn([...APPEAL_TYPES]) appealType!: AppealType;
  @IsIn([...URGENCY]) urgency!: Urgency;
  @IsIn([...CONFIDENTIALITY]) confidentiality!: Confidentiality;
  @IsOptional() @IsString() addressee?: string;
  @IsOptional() @IsString() mailbox?: string;
  @IsOptional() @ValidateNested() closed?: ClosingShown;
  /** What the holder says, while nobody has decided on it. */
  @IsOptional() @ValidateNested() objection?: ObjectionShown;
  @IsString({ each: true }) returnedBy!: readonly string[];
  /** Units that the appeal is about. */
  @IsString({ each: true }) reported!: readonly string[];
  /** As they were found when it was registered, the most alike first; `POST …/link` puts it under one. */
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => AlikeShown) alike?: readonly AlikeShown[];
  @IsInt() directoryVersion!: number;
  /** The newest last. */
  @IsArray() @ValidateNested({ each: true }) @Type(() => DecisionShown) decisions!: readonly DecisionShown[];
}

/** 试派: what the first decision would be, under what is in force at this replica. */
export class RoutingExplained {
  @ValidateNested() decision!: DecisionShown;
  /** Name of the model of topics; left out where the city has none. */
  @IsOptional() @IsString() model?: string;
}
