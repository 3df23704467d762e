import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { PublishRuleSet, SubmitRuleSet } from '@paidan/contracts';
import { CurrentCaller, hostError, LOGGER, Refuses, Roles, type Logger, type PersonCaller } from '@paidan/service-host';
import { ActiveRules } from '../../application/active-rules.js';
import { dispatchError } from '../../errors.js';
import { RUNTIME, type DispatchRuntime } from '../definition.js';
import { listRuleSets, type ListedVersion } from '../postgres/rule-sets.js';
import {
  RuleSetAnswer,
  RuleSetInForce,
  RuleSetParams,
  RuleSetShown,
  RuleSetsPage,
  RuleSetsQuery,
  RuleSetWithDocument,
} from './rule-answers.js';

const PAGE = 50;

@ApiTags('rules')
@Roles('dispatcher', 'supervisor', 'operator')
@Controller('v1/rule-sets')
export class RuleSetsController {
  constructor(
    private readonly active: ActiveRules,
    @Inject(RUNTIME) private readonly runtime: DispatchRuntime,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Post()
  @Roles('supervisor')
  @HttpCode(200)
  @Refuses('rule-set-invalid', 'stale-rule-set')
  @ApiOperation({
    summary: '派单规则: check a set of rules, keep it as a draft, or publish it',
    description:
      'A set with any problem is not kept: all of them are told. Published, it is in force in every replica within seconds. Sending the set in force again changes nothing.',
  })
  @ApiOkResponse({ type: RuleSetAnswer })
  async submit(@Body() { mode, document, expectedVersion }: SubmitRuleSet, @CurrentCaller() { sub }: PersonCaller): Promise<RuleSetAnswer> {
    const rules = document.rules.length;
    switch (mode) {
      case 'check':
        this.active.check(document);
        return { rules, inForce: false };
      case 'draft': {
        const { version } = await this.active.draft(document, sub);
        return { version, rules, inForce: false };
      }
      case 'publish': {
        if (expectedVersion === undefined) throw hostError('validation-failed', '1 wrong', { extensions: { errors: [EXPECTED] } });
        const { version, publication } = await this.active.publish(document, { by: sub, expectedVersion });
        this.logger.warn({ version, publication, rules, by: sub }, 'rules published');
        return { version, publication, rules, inForce: true };
      }
    }
  }

  @Get()
  @ApiOperation({ summary: 'The sets of rules that were kept, the newest first' })
  @ApiOkResponse({ type: RuleSetsPage })
  async list(@Query() { limit = PAGE, before }: RuleSetsQuery): Promise<RuleSetsPage> {
    const found = await listRuleSets(this.runtime.database, before, limit + 1);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      inForce: this.active.publication?.version ?? null,
      ruleSets: page.map((one) => this.shown(one)),
      ...(found.length > limit && last !== undefined ? { next: last.version } : {}),
    };
  }

  @Get('active')
  @Refuses('no-rule-set')
  @ApiOperation({ summary: 'The rules in force at this replica, and what of them is dead since the directory changed' })
  @ApiOkResponse({ type: RuleSetInForce })
  async inForce(): Promise<RuleSetInForce> {
    const { publication, document, dead } = this.active;
    if (publication === undefined) throw dispatchError('no-rule-set', 'no rules are in force');
    const version = await this.find(publication.version);
    return {
      ...this.shown({ ...version, publishedAt: publication.publishedAt }),
      document,
      publication: publication.publication,
      publishedBy: publication.publishedBy,
      dead: dead.map(({ rule, pointer, code, detail, detailZh }) => ({
        ...(rule === undefined ? {} : { rule }),
        pointer,
        code,
        explanation: { zh: detailZh ?? detail, en: detail },
      })),
    };
  }

  @Get(':version')
  @Refuses('no-rule-set')
  @ApiOperation({ summary: 'One kept set of rules' })
  @ApiOkResponse({ type: RuleSetWithDocument })
  async show(@Param() { version }: RuleSetParams): Promise<RuleSetWithDocument> {
    const found = await this.find(version);
    return { ...this.shown(found), document: await this.active.documentOf(version) };
  }

  @Post(':version/publication')
  @Roles('supervisor')
  @HttpCode(200)
  @Refuses('no-rule-set', 'rule-set-invalid', 'stale-rule-set')
  @ApiOperation({
    summary: 'Put a kept set in force: a draft, or an earlier one',
    description: 'It must pass the check of today; only that rules of it have ended is passed over.',
  })
  @ApiOkResponse({ type: RuleSetAnswer })
  async publish(
    @Param() { version }: RuleSetParams,
    @Body() { expectedVersion, note }: PublishRuleSet,
    @CurrentCaller() { sub }: PersonCaller,
  ): Promise<RuleSetAnswer> {
    const { publication } = await this.active.publishVersion(version, { by: sub, expectedVersion, note });
    this.logger.warn({ version, publication, by: sub }, 'rules published');
    return { version, publication, rules: (await this.find(version)).rules, inForce: true };
  }

  private async find(version: number): Promise<ListedVersion> {
    const [found] = await listRuleSets(this.runtime.database, version + 1, 1);
    if (found?.version !== version) throw dispatchError('no-rule-set', `there is no version ${version}`);
    return found;
  }

  private shown({ createdAt, publishedAt, ...version }: ListedVersion): RuleSetShown {
    return {
      ...version,
      createdAt: createdAt.toISOString(),
      inForce: this.active.publication?.version === version.version,
      ...(publishedAt === undefined ? {} : { publishedAt: publishedAt.toISOString() }),
    };
  }
}

const EXPECTED = { pointer: '/expectedVersion', code: 'required', detail: 'is required to publish', detailZh: '发布时必填' };
