import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsInt, IsOptional, IsString, ValidateNested } from 'class-validator';
import { HandlerShown, PeriodShown } from './answers.js';

/* What dispatch answers about responsibilities, mailboxes and imports, for the OpenAPI document. */

export class ResponsibilityShown extends PeriodShown {
  /** What it is about, where, and from when. */
  @IsString() code!: string;
  /** A matter, or a topic for all its matters. */
  @IsString() matter!: string;
  /** With all below it; left out, it is everywhere. */
  @IsOptional() @IsString() area?: string;
  @ValidateNested() lead!: HandlerShown;
  @IsArray() @ValidateNested({ each: true }) @Type(() => HandlerShown) coHandlers!: readonly HandlerShown[];
  /** What it rests on. */
  @IsOptional() @IsString() note?: string;
}

export class ResponsibilitiesPage {
  @IsInt() version!: number;
  @IsArray() @ValidateNested({ each: true }) @Type(() => ResponsibilityShown) responsibilities!: readonly ResponsibilityShown[];
  @IsOptional() @IsString() next?: string;
}

/** Who handles a matter in an area at a time. */
export class ResponsibleShown {
  @IsInt() version!: number;
  @ValidateNested() lead!: HandlerShown;
  @IsArray() @ValidateNested({ each: true }) @Type(() => HandlerShown) coHandlers!: readonly HandlerShown[];
  /** The entry that says so; left out, it is the catalogue. */
  @IsOptional() @ValidateNested() entry?: ResponsibilityShown;
}

export class MailboxShown extends PeriodShown {
  @IsString() code!: string;
  @IsString() name!: string;
  @IsString() unit!: string;
  @IsBoolean() active!: boolean;
}

export class MailboxesPage {
  @IsInt() version!: number;
  @IsArray() @ValidateNested({ each: true }) @Type(() => MailboxShown) mailboxes!: readonly MailboxShown[];
  @IsOptional() @IsString() next?: string;
}

export class ChangedShown {
  @IsString() code!: string;
  /** Names of the facts that differ. */
  @IsString({ each: true }) facts!: readonly string[];
}

export class ChangesShown {
  @IsString({ each: true }) added!: readonly string[];
  @IsString({ each: true }) removed!: readonly string[];
  @IsArray() @ValidateNested({ each: true }) @Type(() => ChangedShown) changed!: readonly ChangedShown[];
}

export class DirectoryChangesShown {
  @ValidateNested() areas!: ChangesShown;
  @ValidateNested() units!: ChangesShown;
  @ValidateNested() topics!: ChangesShown;
  @ValidateNested() matters!: ChangesShown;
  @ValidateNested() responsibilities!: ChangesShown;
  @ValidateNested() mailboxes!: ChangesShown;
  @ValidateNested() boundaries!: ChangesShown;
  @ValidateNested() systems!: ChangesShown;
}

export class DirectoryImported {
  /** The version in force afterwards; of a dry run, what it would be. */
  @IsInt() version!: number;
  /** False of a dry run, and where nothing differs. */
  @IsBoolean() published!: boolean;
  @ValidateNested() changes!: DirectoryChangesShown;
}
