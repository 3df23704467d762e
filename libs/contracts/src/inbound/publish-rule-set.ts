import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { Maybe, OneOf, Text, Whole } from './fields.js';
import { RuleSetV1 } from './rule-set.js';

export const RULE_SET_MODES = ['check', 'draft', 'publish'] as const;
export type RuleSetMode = (typeof RULE_SET_MODES)[number];

@JSONSchema({ description: 'A set of rules: to be checked alone, kept as a draft, or published' })
export class SubmitRuleSet {
  @OneOf(RULE_SET_MODES) mode!: RuleSetMode;
  @Maybe()
  @Whole(0, 1_000_000_000, 'the version in force that the person was shown, 0 for none; demanded by `publish`')
  expectedVersion?: number;
  @ValidateNested() @Type(() => RuleSetV1) document!: RuleSetV1;
}

@JSONSchema({ description: 'Put a kept version in force: a draft, or an earlier one' })
export class PublishRuleSet {
  @Whole(0, 1_000_000_000, 'the version in force that the person was shown, 0 for none') expectedVersion!: number;
  @Maybe() @Text(1, 500, 'why') note?: string;
}
