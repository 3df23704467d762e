import { Type } from 'class-transformer';
import { IsArray, IsInt, IsISO8601, IsOptional, IsString, IsUUID, Matches, Max, Min, ValidateNested } from 'class-validator';

/* What operators ask, and what they are answered. */

const TICKET_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const TOLD = { message: '$property must be a ticket id: a UUID in lower case' };

export class ParkedQuery {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(1_000) limit?: number;
}

export class ParkedParams {
  @Matches(TICKET_ID, TOLD) ticketId!: string;
}

export class SequencesQuery {
  /** `next` of the page before. */
  @IsOptional() @Matches(TICKET_ID, TOLD) after?: string;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(10_000) limit?: number;
}

export class ParkedShown {
  @IsUUID() ticketId!: string;
  /** Records behind it, itself included. */
  @IsInt() waiting!: number;
  @IsISO8601() since!: string;
  @IsString() errorCode!: string;
  @IsString() errorMessage!: string;
}

export class ParkedList {
  /** Of all of them. */
  @IsInt() count!: number;
  @IsArray() @ValidateNested({ each: true }) @Type(() => ParkedShown) tickets!: readonly ParkedShown[];
}

export class ReplayError {
  @IsString() code!: string;
  @IsString() message!: string;
}

export class ReplayShown {
  @IsUUID() ticketId!: string;
  @IsInt() replayed!: number;
  /** Records still waiting; 0 when the ticket flows again. */
  @IsInt() remaining!: number;
  @IsOptional() @ValidateNested() error?: ReplayError;
}

export class SequenceShown {
  @IsUUID() ticketId!: string;
  @IsInt() sequence!: number;
}

export class SequencePage {
  @IsString() service!: string;
  /** In which the service speaks now. */
  @IsInt() epoch!: number;
  @IsArray() @ValidateNested({ each: true }) @Type(() => SequenceShown) tickets!: readonly SequenceShown[];
  /** Give it as `after` for the next page; absent on the last. */
  @IsOptional() @IsUUID() next?: string;
}
