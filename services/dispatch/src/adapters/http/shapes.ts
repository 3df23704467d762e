import { HOLD_REASONS, UNIT_KINDS, URGENCY, type HoldReason, type UnitKind, type Urgency } from '@paidan/contracts';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsISO8601, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';
import { LEVELS, type Level } from '../../domain/routing/directory.js';

/** What GET routes take; what is POSTed are the shapes of the contracts. */

export class ReturnsQuery {
  @IsOptional() @IsIn([...URGENCY]) urgency?: Urgency;
  /** A matter, or the first two digits for a whole level 1. */
  @IsOptional() @Matches(/^\d{2,6}$/, { message: '$property must be a matter code or the beginning of one' }) matter?: string;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit?: number;
  /** `next` of the page before. */
  @IsOptional() @IsString() @Length(1, 200) after?: string;
}

export class QueueQuery extends ReturnsQuery {
  @IsOptional() @IsIn([...HOLD_REASONS]) reason?: HoldReason;
}

export class CorrectionsQuery {
  /** An instant: nothing that was decided before. */
  @IsOptional() @IsISO8601({ strict: true }) since?: string;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(10_000) limit?: number;
}

export class PairsQuery {
  /** How many days back. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(366) days?: number;
}

export class UnitsQuery {
  @IsOptional() @IsIn([...UNIT_KINDS]) kind?: UnitKind;
  @IsOptional() @IsIn([...LEVELS]) level?: Level;
  @IsOptional() @IsIn(['true', 'false']) active?: 'true' | 'false';
}
