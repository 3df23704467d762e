import { Body, Controller, Get, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { SimulateRouting } from '@paidan/contracts';
import { BodyLimit, CurrentCaller, LOGGER, Refuses, Roles, type Logger, type PersonCaller } from '@paidan/service-host';
import { ActiveRules } from '../../application/active-rules.js';
import { DraftGuides, type Draft } from '../../application/draft-guides.js';
import { Simulations } from '../../application/simulations.js';
import { dispatchError } from '../../errors.js';
import { SimulationBegun, SimulationParams, SimulationShown, type SimulationResult } from './simulation-shapes.js';
import { simulationView } from './simulation-view.js';

/** A model is 3 to 10 MB, in base64 a third more; a large set of rules 2 MB. */
const DRAFTS = 24 * 1024 * 1024;
const USUAL = 10_000;
const SAMPLES = 20;

const LOCATION = {
  Location: { description: 'where to ask how far it is', schema: { type: 'string', format: 'uri-reference' } },
} as const;

/** What is used of Fastify's reply. */
interface Reply {
  header(name: string, value: string): unknown;
}

@ApiTags('rules')
@Roles('supervisor')
@Controller('v1/simulations')
export class SimulationsController {
  constructor(
    private readonly simulations: Simulations<SimulationResult>,
    private readonly drafts: DraftGuides,
    private readonly rules: ActiveRules,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Post()
  @BodyLimit(DRAFTS)
  @HttpCode(202)
  @Refuses('nothing-to-try', 'no-rule-set', 'rule-set-invalid', 'draft-model-invalid', 'simulation-running')
  @ApiOperation({
    summary: '模拟派单: what a draft of the rules or of the model would change',
    description:
      'Decides the newest tickets twice, as things are and under the draft. It takes up to a minute: `GET /v1/simulations/{id}` tells how far it is, and what came of it. A draft that could not be published is refused as then.',
  })
  @ApiAcceptedResponse({ type: SimulationBegun, headers: LOCATION })
  async begin(
    @Body() asked: SimulateRouting,
    @CurrentCaller() { sub }: PersonCaller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<SimulationBegun> {
    const { version, model, last = USUAL, samples = SAMPLES } = asked;
    const draft = await this.draftOf(asked);
    const guiding = await this.drafts.try(draft);
    const rules = asked.rules === undefined ? {} : { rules: asked.rules.name };
    const tried = { ...rules, ...(version === undefined ? {} : { version }), model: model !== undefined, samples };
    const id = await this.simulations.begin(guiding, tried, last, sub);
    this.logger.info({ simulation: id, ...tried, last, by: sub }, 'simulation begun');
    reply.header('location', `/v1/simulations/${id}`);
    return { id };
  }

  @Get(':id')
  @Refuses('unknown-simulation')
  @ApiOperation({ summary: 'How far a simulation is, and what came of it' })
  @ApiOkResponse({ type: SimulationShown })
  async show(@Param() { id }: SimulationParams): Promise<SimulationShown> {
    const found = await this.simulations.find(id);
    if (found === undefined) throw dispatchError('unknown-simulation', `no simulation ${id}`);
    return simulationView(found);
  }

  private async draftOf({ rules, version, model }: SimulateRouting): Promise<Draft> {
    if (rules !== undefined && version !== undefined) throw dispatchError('nothing-to-try', 'both `rules` and `version` are given');
    if (rules === undefined && version === undefined && model === undefined)
      throw dispatchError('nothing-to-try', 'neither `rules`, `version` nor `model` is given');
    const document = rules ?? (version === undefined ? undefined : await this.kept(version));
    return {
      ...(document === undefined ? {} : { rules: { document, isKept: version !== undefined } }),
      ...(model === undefined ? {} : { model: Buffer.from(model, 'base64') }),
    };
  }

  private async kept(version: number) {
    const document = await this.rules.keptDocument(version);
    if (document === undefined) throw dispatchError('no-rule-set', `there is no version ${version}`);
    return document;
  }
}
