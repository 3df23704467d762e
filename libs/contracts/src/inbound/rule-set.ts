import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, ValidateNested } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import {
  ADMIN_CODE,
  APPEAL_TYPES,
  CHANNEL_ID,
  CHANNELS,
  CONFIDENTIALITY,
  MAILBOX_CODE,
  UNIT_CODE,
  URGENCY,
  type AppealType,
  type ChannelKind,
  type Confidentiality,
  type Urgency,
} from '../vocabulary.js';
import { Flag, Formed, MatterField, Maybe, OneOf, Several, SeveralOf, Text, Whole } from './fields.js';

/** Days of the week as rules name them, Monday first. */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** How much a set of rules may hold; a bigger one is refused whole. */
export const RULE_LIMITS = { rules: 2_000, values: 50, phrases: 100, phraseLength: 20, windows: 10 } as const;

const { rules, values, phrases, phraseLength, windows } = RULE_LIMITS;
const MATTER = /^\d{2}(\d{2}){0,2}$/;
const UNIT_OR_PLACE = /^(@street|@district|[a-z0-9-]{2,48})$/;
/** Something in it must be more than a blank, as the matcher of phrases takes blanks. */
const PHRASE = new RegExp(
  `^(?=[\\s\\S]*[^\\u0000-\\u0020\\u00a0\\u2000-\\u200b\\u3000\\ufeff])[^\\u0000\\ud800-\\udfff]{1,${phraseLength}}$`,
);
const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const TIME = /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/;

const UnitCodes = (description: string) =>
  Several('some-units', values, UNIT_CODE, 'unit codes of the directory', '派单目录单位代码', description);
const Places = (description: string) =>
  Several('some-handlers', 20, UNIT_OR_PLACE, 'unit codes, @street or @district', '单位代码、@street 或 @district', description);
const Phrases = (description: string) =>
  Several(
    'some-phrases',
    phrases,
    PHRASE,
    `words or phrases of up to ${phraseLength} characters`,
    `词语（每个不超过 ${phraseLength} 字）`,
    description,
  );

export class InBothV1 {
  @Text(1, 200) zh!: string;
  @Text(1, 200) en!: string;
}

@JSONSchema({ description: 'Words and phrases. Blanks, capitals and full-width forms make no difference.' })
export class RuleWordsV1 {
  @Maybe() @Phrases('at least one of them occurs') any?: string[];
  @Maybe() @Phrases('each of them occurs') all?: string[];
  @Maybe() @Phrases('none of them occurs') none?: string[];
}

@JSONSchema({
  description: 'A part of the day, Asia/Shanghai. One that ends before it begins runs past midnight and belongs to the day it began on.',
})
export class RuleTimeV1 {
  @Maybe() @SeveralOf('some-days', WEEKDAYS, 'every day, if absent') days?: Weekday[];
  @Formed('time-of-day', TIME, 'must be a time like 22:00', '必须是 22:00 这样的时刻') from!: string;
  @Formed('time-of-day', TIME, 'must be a time like 22:00', '必须是 22:00 这样的时刻', 'the first minute that is out of it') to!: string;
}

/** What can be asked of an appeal, and what can be ruled out by `not`. */
@JSONSchema({ description: 'Under `not`: none of these may be so' })
export class RuleExceptionsV1 {
  @Maybe() @Several('some-channels', values, CHANNEL_ID, 'channel ids', '渠道编号', '来源渠道') channel?: string[];
  @Maybe() @SeveralOf('some-channel-kinds', CHANNELS, '渠道类别') channelKind?: ChannelKind[];
  @Maybe() @Several('some-mailboxes', values, MAILBOX_CODE, 'mailbox codes', '信箱代码', '领导信箱') mailbox?: string[];
  @Maybe() @UnitCodes('the unit that the appeal was addressed to') addressee?: string[];
  @Maybe() @SeveralOf('some-appeal-types', APPEAL_TYPES, '诉求类型') appealType?: AppealType[];
  @Maybe()
  @Several('some-matters', values, MATTER, 'codes of matters or topics', '事项或大类代码', 'a matter, or two digits for a topic')
  matter?: string[];
  @Maybe() @Several('some-areas', values, ADMIN_CODE, 'admin codes', '行政区划代码', 'the place lies in one of them') area?: string[];
  @Maybe() @UnitCodes('被反映对象: one of these, or a unit under it') reported?: string[];
  @Maybe() @SeveralOf('some-urgencies', URGENCY, '紧急程度, as it came in') urgency?: Urgency[];
  @Maybe() @SeveralOf('some-confidentialities', CONFIDENTIALITY, '保密要求') confidentiality?: Confidentiality[];
  @Maybe()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(windows)
  @ValidateNested({ each: true })
  @Type(() => RuleTimeV1)
  time?: RuleTimeV1[];
}

@JSONSchema({ description: 'All that is given must hold; of a list, one is enough' })
export class RuleConditionsV1 extends RuleExceptionsV1 {
  @Maybe() @ValidateNested() @Type(() => RuleWordsV1) words?: RuleWordsV1;
  @Maybe() @ValidateNested() @Type(() => RuleWordsV1) title?: RuleWordsV1;
  @Maybe() @ValidateNested() @Type(() => RuleExceptionsV1) not?: RuleExceptionsV1;
}

@JSONSchema({
  description:
    'What follows; `@street` and `@district` are the governments of the place. A lead `@street` is the direct path 直派: its district gets a copy.',
})
export class RuleEffectsV1 {
  @Maybe()
  @Formed('handler', UNIT_OR_PLACE, 'must be a unit code, @street or @district', '必须是单位代码、@street 或 @district', '主办')
  lead?: string;
  @Maybe() @Places('协办') coHandlers?: string[];
  @Maybe() @Places('同送') copies?: string[];
  @Maybe() @MatterField('事项') matter?: string;
  @Maybe() @OneOf(['urgent', 'critical'], 'raised to this, never lowered') urgency?: 'urgent' | 'critical';
  /** Held for a person, who reads this. */
  @Maybe() @ValidateNested() @Type(() => InBothV1) hold?: InBothV1;
}

@JSONSchema({ description: '派单规则' })
export class RuleV1 {
  @Formed('rule-id', UNIT_CODE, 'must be 2 to 48 lower-case letters, digits and hyphens', '必须是 2 至 48 个小写字母、数字或连字符')
  id!: string;
  @ValidateNested() @Type(() => InBothV1) title!: InBothV1;
  @Whole(1, 1_000_000, 'the lowest comes first') priority!: number;
  @Maybe() @Formed('date', DATE, 'must be a date like 2026-11-22', '必须是 2026-11-22 这样的日期', 'its first day') from?: string;
  @Maybe() @Formed('date', DATE, 'must be a date like 2026-11-22', '必须是 2026-11-22 这样的日期', 'its last day') until?: string;
  @Maybe()
  @Several('some-rules', values, UNIT_CODE, 'rule ids', '规则编号', 'passed over where one of these rules applied')
  unless?: string[];
  @ValidateNested() @Type(() => RuleConditionsV1) when!: RuleConditionsV1;
  @ValidateNested() @Type(() => RuleEffectsV1) then!: RuleEffectsV1;
  @Maybe() @Flag('where it applies, no rule of a later priority does') stop?: boolean;
}

@JSONSchema({ description: '派单规则集: in order of priority; see services/dispatch/src/domain/rules/README.md' })
export class RuleSetV1 {
  @Text(1, 80) name!: string;
  @Maybe() @Text(1, 500) note?: string;
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(rules) @ValidateNested({ each: true }) @Type(() => RuleV1) rules!: RuleV1[];
}
