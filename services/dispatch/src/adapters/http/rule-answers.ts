import { RuleSetV1, Shown } from '@paidan/contracts';
import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsInt, IsISO8601, IsOptional, IsString, Max, Min, ValidateNested } from 'class-validator';
import { InBoth } from './answers.js';

/* Sets of rules over HTTP: what GET routes take, and what is answered. */

export class RuleSetParams {
  @Type(() => Number) @IsInt() @Min(1) @Max(1_000_000_000) version!: number;
}

export class RuleSetsQuery {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit?: number;
  /** Versions below this one. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(1_000_000_000) before?: number;
}

export class RuleSetShown {
  @IsInt() version!: number;
  @IsString() name!: string;
  @IsOptional() @IsString() note?: string;
  /** How many. */
  @IsInt() rules!: number;
  @IsString() hash!: string;
  @IsISO8601() createdAt!: string;
  @IsString() createdBy!: string;
  /** The directory that it was checked against. */
  @IsInt() directoryVersion!: number;
  @IsBoolean() inForce!: boolean;
  /** Last put in force; absent on a draft. */
  @IsOptional() @IsISO8601() publishedAt?: string;
}

export class RuleSetsPage {
  /** Version in force, null for none. */
  @Shown({ type: ['integer', 'null'] }) inForce!: number | null;
  @IsArray() @ValidateNested({ each: true }) @Type(() => RuleSetShown) ruleSets!: readonly RuleSetShown[];
  /** Give it as `before` for the next page; absent on the last. */
  @IsOptional() @IsInt() next?: number;
}

export class RuleSetWithDocument extends RuleSetShown {
  @ValidateNested() document!: RuleSetV1;
}

/** What a rule in force names and the directory no longer has; passed over where the rule applies. */
export class DeadReference {
  @IsOptional() @IsString() rule?: string;
  /** RFC 6901 pointer into the document. */
  @IsString() pointer!: string;
  @IsString() code!: string;
  @ValidateNested() explanation!: InBoth;
}

export class RuleSetInForce extends RuleSetWithDocument {
  /** Grows with each publication, going back included. */
  @IsInt() publication!: number;
  @IsString() publishedBy!: string;
  @IsArray() @ValidateNested({ each: true }) @Type(() => DeadReference) dead!: readonly DeadReference[];
}

export class RuleSetAnswer {
  /** Absent after a mere check. */
  @IsOptional() @IsInt() version?: number;
  /** Absent unless it was put in force. */
  @IsOptional() @IsInt() publication?: number;
  /** How many. */
  @IsInt() rules!: number;
  @IsBoolean() inForce!: boolean;
}
