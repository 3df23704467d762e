import { Shown } from '@paidan/contracts';
import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsIn, IsInt, IsISO8601, IsNumber, IsOptional, IsString, IsUUID, ValidateNested } from 'class-validator';
import { SIMULATION_STATES, type SimulationState } from '../../application/simulations.js';
import { CHANGES, type ChangeKind } from '../../domain/simulation/comparison.js';
import { DecisionShown } from './answers.js';

/* Simulations over HTTP. */

export class SimulationParams {
  @IsUUID() id!: string;
}

export class SimulationBegun {
  @IsString() id!: string;
}

export class SimulationAsked {
  /** Name of the draft of rules. */
  @IsOptional() @IsString() rules?: string;
  /** Of a kept set of rules. */
  @IsOptional() @IsInt() version?: number;
  /** Whether a draft of the model was tried. */
  @IsBoolean() model!: boolean;
  @IsInt() samples!: number;
}

/** How many tickets get another decision, by what becomes other. */
export class ChangedShown {
  @IsInt() 'other-unit'!: number;
  /** From a person to a unit. */
  @IsInt() 'now-assigned'!: number;
  /** From a unit to a person. */
  @IsInt() 'now-held'!: number;
  /** Held as before, for another reason. */
  @IsInt() 'other-reason'!: number;
  /** The same unit or reason; other co-handlers, copies, matter, urgency, or first candidate. */
  @IsInt() details!: number;
}

/** How many tickets get another one of these, with another unit or without. */
export class AspectsShown {
  @IsInt() matter!: number;
  @IsInt() urgency!: number;
  /** Of tickets that a unit gets both times; so are the copies. */
  @IsInt() coHandlers!: number;
  @IsInt() copies!: number;
}

export class MoveShown {
  /** Null for the queue of people. */
  @Shown({ type: ['string', 'null'] }) from!: string | null;
  @Shown({ type: ['string', 'null'] }) fromName!: string | null;
  @Shown({ type: ['string', 'null'] }) to!: string | null;
  @Shown({ type: ['string', 'null'] }) toName!: string | null;
  @IsInt() tickets!: number;
}

export class LoadShown {
  @IsString() unit!: string;
  @IsString() name!: string;
  /** Tickets that it leads as things are. */
  @IsInt() led!: number;
  @IsInt() ledAfter!: number;
  /** Tickets that it helps with. */
  @IsInt() joined!: number;
  @IsInt() joinedAfter!: number;
}

export class SampleShown {
  @IsString() ticketId!: string;
  @IsString() number!: string;
  @IsIn([...CHANGES]) change!: ChangeKind;
  @ValidateNested() before!: DecisionShown;
  @ValidateNested() after!: DecisionShown;
}

export class SimulationResult {
  @IsInt() tickets!: number;
  /** Their text is gone, or under a key that isn't here: they were not decided. */
  @IsInt() unreadable!: number;
  @IsInt() unchanged!: number;
  @ValidateNested() changed!: ChangedShown;
  @ValidateNested() aspects!: AspectsShown;
  /** How many go to a unit without a person as things are. */
  @IsInt() assigned!: number;
  @IsInt() assignedAfter!: number;
  /** Most tickets first; at most 200. */
  @IsArray() @ValidateNested({ each: true }) @Type(() => MoveShown) moves!: readonly MoveShown[];
  /** Of each unit that has any, the largest change first. */
  @IsArray() @ValidateNested({ each: true }) @Type(() => LoadShown) loads!: readonly LoadShown[];
  /** Of tickets that are not under seal; some of each kind of change. */
  @IsArray() @ValidateNested({ each: true }) @Type(() => SampleShown) samples!: readonly SampleShown[];
  @IsNumber() seconds!: number;
}

export class SimulationShown {
  @IsString() id!: string;
  /** `interrupted`: its replica ended; ask for it again. */
  @IsIn([...SIMULATION_STATES]) state!: SimulationState;
  @IsISO8601() askedAt!: string;
  @IsString() askedBy!: string;
  @ValidateNested() asked!: SimulationAsked;
  /** How many tickets at most. */
  @IsInt() last!: number;
  /** How many so far. */
  @IsInt() done!: number;
  @IsOptional() @IsISO8601() endedAt?: string;
  @IsOptional() @ValidateNested() result?: SimulationResult;
  /** Why it failed. */
  @IsOptional() @IsString() detail?: string;
}
