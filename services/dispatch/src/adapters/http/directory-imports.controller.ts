import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { BodyLimit, CurrentCaller, LOGGER, Refuses, Roles, type Logger, type PersonCaller } from '@paidan/service-host';
import { ActiveDirectory } from '../../application/active-directory.js';
import { dispatchError } from '../../errors.js';
import { loadDirectory } from '../city/load-city.js';
import { DirectoryImported } from './directory-answers.js';
import { ImportDirectory } from './directory-shapes.js';

/** A province's tables: 5,000 units, 3,000 mailboxes and 20,000 responsibilities are 3 MB. */
const TABLES = 16 * 1024 * 1024;

@ApiTags('directory')
@Controller('v1/directory/imports')
export class DirectoryImportsController {
  constructor(
    private readonly active: ActiveDirectory,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Post()
  @BodyLimit(TABLES)
  @Roles('supervisor', 'operator')
  @Refuses('directory-invalid', 'stale-directory', 'version-taken')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Put the tables of a city in force as the next version of the directory',
    description:
      'Taken whole or not at all; every mistake is named by file and line. Replicas follow within seconds. The city’s folder doesn’t replace what was imported until it says the same.',
  })
  @ApiOkResponse({ type: DirectoryImported, description: 'What changes' })
  async import(
    @Body() { files, expectedVersion, version, dryRun = false }: ImportDirectory,
    @CurrentCaller() { sub }: PersonCaller,
  ): Promise<DirectoryImported> {
    const given = Object.entries(files).filter((file): file is [string, string] => typeof file[1] === 'string');
    const loaded = await loadDirectory(new Map(given));
    if (!loaded.ok)
      throw dispatchError('directory-invalid', `${loaded.problems.length} mistakes`, { extensions: { problems: loaded.problems } });
    const imported = await this.active.import({ content: loaded.city, expected: expectedVersion, version, by: sub, dryRun });
    if (imported.published) this.logger.warn({ version: imported.version, by: sub }, 'directory imported');
    return imported;
  }
}
