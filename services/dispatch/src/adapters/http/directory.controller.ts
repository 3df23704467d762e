import { Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, LOGGER, Roles, type Logger, type PersonCaller } from '@paidan/service-host';
import { ActiveDirectory, type DirectoryVersion } from '../../application/active-directory.js';
import { toldPeriod } from '../../domain/directory-entries.js';
import { DirectoryShown, DirectoryVersionShown, UnitsShown, type DirectoryVersionKept } from './answers.js';
import { UnitsQuery } from './shapes.js';

/** As many versions as somebody looks back. */
const VERSIONS = 20;

const kept = ({ version, count, hash, activeAt, imported }: DirectoryVersion): DirectoryVersionKept => ({
  version,
  count,
  hash,
  activeAt: activeAt.toISOString(),
  ...(imported === undefined ? {} : { importedBy: imported.by }),
});

@ApiTags('directory')
@Roles('dispatcher', 'supervisor', 'operator')
@Controller('v1')
export class DirectoryController {
  constructor(
    private readonly active: ActiveDirectory,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Get('units')
  @ApiOperation({ summary: 'Units of the directory in force' })
  @ApiOkResponse({ type: UnitsShown, description: 'Units in the order of the city’s table' })
  units(@Query() { kind, level, active }: UnitsQuery): UnitsShown {
    const { directory } = this.active;
    const units = [...directory.units.values()].filter(
      (unit) =>
        (kind === undefined || unit.kind === kind) &&
        (level === undefined || unit.level === level) &&
        (active === undefined || String(unit.active) === active),
    );
    return { version: directory.version, units: units.map(toldPeriod) };
  }

  @Get('directory')
  @ApiOperation({ summary: 'The directory in force: its version and the ones before, the areas and the catalogue of matters' })
  @ApiOkResponse({ type: DirectoryShown, description: 'Words that routing looks for are left out' })
  async directory(): Promise<DirectoryShown> {
    const versions = await this.active.versions(VERSIONS);
    const { areas, topics, matters, units, responsibilities, mailboxes } = this.active.directory;
    return {
      ...kept(this.active.version),
      versions: versions.map(kept),
      units: units.size,
      responsibilities: responsibilities.length,
      mailboxes: mailboxes.size,
      areas: [...areas.values()],
      topics,
      matters: matters.map(({ code, name, english, topic, lead, coHandlers }) => ({ code, name, english, topic, lead, coHandlers })),
    };
  }

  @Post('directory/republish')
  @Roles('operator')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Say the directory once more on `paidan.directory`',
    description: 'For a reader that misses a part of the version in force. Harmless: the version stays the same.',
  })
  @ApiAcceptedResponse({ type: DirectoryVersionShown, description: 'Queued' })
  async republish(@CurrentCaller() caller: PersonCaller): Promise<DirectoryVersionShown> {
    const { version, count, hash } = await this.active.republish();
    this.logger.info({ version, by: caller.sub }, 'directory republished');
    return { version, count, hash };
  }
}
