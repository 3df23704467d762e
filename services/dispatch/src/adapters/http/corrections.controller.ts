import { Controller, Get, Header, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Roles } from '@paidan/service-host';
import type { LabelCodes } from '../../domain/classifier/blend-matters.js';
import { labelOf } from '../../domain/classifier/label-of.js';
import type { Directory } from '../../domain/routing/directory.js';
import { PUBLISHED, RUNTIME, type DispatchRuntime, type PublishedHere } from '../definition.js';
import { readCorrections, type Correction } from '../postgres/matter-corrections.js';
import { CorrectionsQuery } from './shapes.js';

const MOST = 10_000;

@ApiTags('routing')
@Controller('v1/routing')
export class CorrectionsController {
  constructor(
    @Inject(RUNTIME) private readonly runtime: DispatchRuntime,
    @Inject(PUBLISHED) private readonly here: PublishedHere,
  ) {}

  @Get('corrections')
  @Roles('supervisor')
  @Header('content-type', 'text/csv; charset=utf-8')
  @ApiProduces('text/csv')
  @ApiOperation({
    summary: '改派样本: what dispatchers took for another matter than routing did',
    description:
      'CSV with columns `label`, `text`, `decidedAt`, the oldest first: rows for `npm run train -- --corrections`. Open tickets whose text is still there, where one label of `labels.csv` stands for the matter; a city that has no model begins with the names of its topics. When there are more than `limit`, ask again with the last `decidedAt` as `since`.',
  })
  @ApiOkResponse({ description: 'The rows', content: { 'text/csv': { schema: { type: 'string' } } } })
  async corrections(@Query() { since, limit = MOST }: CorrectionsQuery): Promise<string> {
    const codes = this.here.labels() ?? ownLabels(this.here.published().directory);
    const found = await readCorrections(this.runtime.database, new Date(since ?? 0), limit);
    const rows = found.flatMap((one) => rowOf(one, labelOf(codes, one.matter)));
    return ['label,text,decidedAt', ...rows].map((row) => `${row}\r\n`).join('');
  }
}

/** A city that has no model yet learns its own topics. */
const ownLabels = ({ topics }: Directory): LabelCodes => new Map(topics.map(({ code, name }) => [name, [code]]));

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

const rowOf = ({ content, decidedAt }: Correction, label: string | undefined): readonly string[] =>
  label === undefined || content.kind !== 'open'
    ? []
    : [[quoted(label), quoted(`${content.title}\n${content.text}`), decidedAt.toISOString()].join(',')];
