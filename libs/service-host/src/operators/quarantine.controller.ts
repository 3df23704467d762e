import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { countQuarantined, quarantined, quarantinedAt } from '@paidan/runtime';
import { CurrentCaller, Roles } from '../auth/access.js';
import type { PersonCaller } from '../auth/caller.js';
import { LOGGER } from '../bootstrap.js';
import { hostError } from '../errors.js';
import { Refuses } from '../http/refusals.js';
import type { Logger } from '../logging/logger.js';
import { OPERATED_RUNTIME, type OperatedRuntime } from './operated-runtime.js';
import { quarantinedOf, valueOf } from './present.js';
import { ListQuery, QuarantinedWhole, QuarantineList, QuarantinePlace, QuarantineQuery } from './shapes.js';

const PAGE = 100;

/** Records that belong to no ticket that could be told. */
@ApiTags('operations')
@Roles('operator')
@Controller('v1/operations/quarantine')
export class QuarantineController {
  constructor(
    @Inject(OPERATED_RUNTIME) private readonly runtime: OperatedRuntime,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Records kept aside because no ticket could be told, newest first: where they lie, and why' })
  @ApiOkResponse({ type: QuarantineList })
  async list(@Query() { limit = PAGE }: ListQuery): Promise<QuarantineList> {
    const { database } = this.runtime;
    const [records, count] = await Promise.all([quarantined(database, limit), countQuarantined(database)]);
    return { count, records: records.map(quarantinedOf) };
  }

  @Get(':topic/:partition/:offset')
  @Refuses('not-quarantined')
  @ApiOperation({
    summary: 'One of them; with `value=true` the beginning of its value',
    description: 'A value with a seal in it is never shown. Of others phone and identity numbers are left out, and each look is logged.',
  })
  @ApiOkResponse({ type: QuarantinedWhole })
  async show(
    @Param() { topic, partition, offset }: QuarantinePlace,
    @Query() { value }: QuarantineQuery,
    @CurrentCaller() { sub: by }: PersonCaller,
  ): Promise<QuarantinedWhole> {
    const found = await quarantinedAt(this.runtime.database, { topic, partition, offset });
    if (found === undefined) throw hostError('not-quarantined', `${topic}/${partition}@${offset} is not in quarantine here`);
    if (value !== 'true') return quarantinedOf(found);
    this.logger.warn({ topic, partition, offset, by }, 'quarantined value looked at');
    return { ...quarantinedOf(found), ...valueOf(found.value) };
  }
}
