import { ADMIN_CODE, MAILBOX_CODE, MATTER_CODE, UNIT_CODE } from '@paidan/contracts';
import { Type } from 'class-transformer';
import { IsBoolean, IsInt, IsISO8601, IsOptional, IsString, Length, Matches, Max, Min, ValidateNested } from 'class-validator';

/** The tables of a city's folder, each as CSV or as YAML, and the boundaries of its areas. */
export class DirectoryFiles {
  @IsOptional() @IsString() 'areas.csv'?: string;
  @IsOptional() @IsString() 'areas.yaml'?: string;
  @IsOptional() @IsString() 'units.csv'?: string;
  @IsOptional() @IsString() 'units.yaml'?: string;
  @IsOptional() @IsString() 'topics.csv'?: string;
  @IsOptional() @IsString() 'topics.yaml'?: string;
  @IsOptional() @IsString() 'matters.csv'?: string;
  @IsOptional() @IsString() 'matters.yaml'?: string;
  @IsOptional() @IsString() 'words.csv'?: string;
  @IsOptional() @IsString() 'words.yaml'?: string;
  @IsOptional() @IsString() 'responsibilities.csv'?: string;
  @IsOptional() @IsString() 'responsibilities.yaml'?: string;
  @IsOptional() @IsString() 'mailboxes.csv'?: string;
  @IsOptional() @IsString() 'mailboxes.yaml'?: string;
  @IsOptional() @IsString() 'systems.csv'?: string;
  @IsOptional() @IsString() 'systems.yaml'?: string;
  @IsOptional() @IsString() 'areas.geojson'?: string;
}

export class ImportDirectory {
  /** The version in force that the tables were made from. */
  @IsInt() @Min(1) @Max(2_147_483_647) expectedVersion!: number;
  /** Number of the new version, if it isn't the next one: after a restoration readers know higher ones than the schema. */
  @IsOptional() @IsInt() @Min(1) @Max(2_147_483_647) version?: number;
  /** Check, and tell what would change. */
  @IsOptional() @IsBoolean() dryRun?: boolean;
  /** All seven tables, and boundaries and systems if there are any in force: what is left out doesn't stay as it is, it is a mistake. */
  @ValidateNested() @Type(() => DirectoryFiles) files!: DirectoryFiles;
}

class PageQuery {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(1000) limit?: number;
}

export class ResponsibilitiesQuery extends PageQuery {
  /** A matter or a topic, as the entry has it. */
  @IsOptional() @Matches(/^\d{2}(\d{2}){0,2}$/, { message: '$property must be the code of a matter or a topic' }) matter?: string;
  /** An area, as the entry has it. */
  @IsOptional() @Matches(ADMIN_CODE, { message: '$property must be an administrative division code' }) area?: string;
  /** `next` of the page before. */
  @IsOptional() @IsString() @Length(1, 100) after?: string;
}

export class MailboxesQuery extends PageQuery {
  @IsOptional() @Matches(UNIT_CODE, { message: '$property must be a unit code of the directory' }) unit?: string;
  /** `next` of the page before. */
  @IsOptional() @Matches(MAILBOX_CODE, { message: '$property must be a code of a mailbox' }) after?: string;
}

export class ResponsibleQuery {
  @Matches(MATTER_CODE, { message: '$property must be a matter code of the catalogue' }) matter!: string;
  /** Left out: somewhere in the city. */
  @IsOptional() @Matches(ADMIN_CODE, { message: '$property must be an administrative division code' }) area?: string;
  /** Left out: now. */
  @IsOptional() @IsISO8601({ strict: true }) at?: string;
}
