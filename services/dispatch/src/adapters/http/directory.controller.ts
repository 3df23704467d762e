import { Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, LOGGER, Roles, type Logger, type PersonCaller } from '@paidan/service-host';
import { ActiveDirectory } from '../../application/active-directory.js';
import { DirectoryShown, DirectoryVersionShown, UnitsShown } from './answers.js';
import { UnitsQuery } from './shapes.js';

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
    return { version: directory.version, units };
  }

  @Get('directory')
  @ApiOperation({ summary: 'The directory in force: its version, the areas and the catalogue of matters' })
  @ApiOkResponse({ type: DirectoryShown, description: 'Words that routing looks for are left out' })
  directory(): DirectoryShown {
    const { version, hash, count, activeAt } = this.active.version;
    const { areas, topics, matters, units } = this.active.directory;
    return {
      version,
      hash,
      count,
      activeAt: activeAt.toISOString(),
      units: units.size,
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
