import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { Maybe, Text, Whole } from './fields.js';
import { RuleSetV1 } from './rule-set.js';

@JSONSchema({
  description:
    'Decide the newest tickets again, as things are and under a draft: of the rules (`rules`, or `version` of a kept set), of the model of topics (`model`), or of both. Nothing is assigned and no ticket changes.',
})
export class SimulateRouting {
  @Maybe() @ValidateNested() @Type(() => RuleSetV1) rules?: RuleSetV1;
  @Maybe() @Whole(1, 1_000_000_000, 'a kept set of rules, instead of `rules`') version?: number;
  @Maybe() @Text(1, 22_000_000, 'file that `npm run train` wrote, in base64') model?: string;
  @Maybe() @Whole(1, 100_000, 'how many tickets, the newest; without it 10,000') last?: number;
  @Maybe() @Whole(0, 50, 'how many of the tickets whose decision changes are shown; without it 20') samples?: number;
}
