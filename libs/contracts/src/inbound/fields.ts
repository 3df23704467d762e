import 'reflect-metadata';
import { isStorable, isUuid } from '@paidan/kernel';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsNumber, IsOptional, IsString, Length, Max, Min, ValidateBy } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { ADMIN_CODE, MAILBOX_CODE, MATTER_CODE, UNIT_CODE } from '../vocabulary.js';

/*
 * Decorators for what people and adapters send. Each says its rule once for the validator (with a stable code and a Chinese text) and for
 * the published JSON Schema.
 */

type JsonSchema = Readonly<Record<string, unknown>>;

/** JSON Schemas of the rules defined here, by their codes, for the schema generator. */
export const RULE_SCHEMAS: Record<string, JsonSchema> = {};

const all =
  (...decorators: PropertyDecorator[]): PropertyDecorator =>
  (target, key) => {
    for (const decorate of decorators) decorate(target, key);
  };

/** A rule of our own. The code is what an adapter's programmer compares with; it never changes. */
const rule = (
  code: string,
  holds: (value: unknown) => boolean,
  message: string,
  zh: string,
  schema: JsonSchema = {},
): PropertyDecorator => {
  RULE_SCHEMAS[code] = schema;
  return ValidateBy({ name: code, validator: { validate: holds } }, { message: `$property ${message}`, context: { zh } });
};

const matching = (code: string, pattern: RegExp, message: string, zh: string): PropertyDecorator =>
  rule(code, (value) => typeof value === 'string' && pattern.test(value), message, zh, { type: 'string', pattern: pattern.source });

/** JSONSchema of the generator, typed for properties alone. */
const said = (schema: JsonSchema): PropertyDecorator => JSONSchema(schema) as PropertyDecorator;

const about = (description: string | undefined): PropertyDecorator[] => (description === undefined ? [] : [said({ description })]);

/** May be left out; `null` and the empty string count as left out, because serialisers and forms write them for "nothing". */
export const Maybe = (): PropertyDecorator =>
  all(
    IsOptional(),
    Transform(({ value }: { value: unknown }) => (value === null || value === '' ? undefined : value)),
  );

/**
 * Postgres keeps neither NUL in text nor a lone surrogate in jsonb, and would say so only later, for a whole batch.
 */
export const Storable = (): PropertyDecorator =>
  rule(
    'text-not-storable',
    (value) => typeof value !== 'string' || isStorable(value),
    'contains NUL or half of a surrogate pair',
    '含有无法保存的字符（NUL 或不成对的代理字符）',
  );

const NotBlank = (): PropertyDecorator =>
  rule('blank', (value) => typeof value !== 'string' || /\S/u.test(value), 'is blank', '不能只有空白', { pattern: '\\S' });

/** Text of `min` to `max` characters (code points); not blank when something is demanded at all. */
export const Text = (min: number, max: number, description?: string): PropertyDecorator =>
  all(IsString(), Length(min, max), Storable(), ...(min > 0 ? [NotBlank()] : []), ...about(description));

/** An id in canonical form; upper case is read as lower case. */
export const Id = (description?: string): PropertyDecorator =>
  all(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.toLowerCase() : value)),
    rule('uuid', isUuid, 'must be a UUID', '必须是 UUID', { type: 'string', format: 'uuid' }),
    ...about(description),
  );

export const OneOf = (list: readonly string[], description?: string): PropertyDecorator => all(IsIn([...list]), ...about(description));

export const Flag = (description?: string): PropertyDecorator => all(IsBoolean(), ...about(description));

export const Whole = (min: number, max: number, description?: string): PropertyDecorator =>
  all(IsInt(), Min(min), Max(max), said({ type: 'integer', ...(description === undefined ? {} : { description }) }));

export const Degrees = (limit: 90 | 180, description: string): PropertyDecorator =>
  all(IsNumber({ allowNaN: false, allowInfinity: false }), Min(-limit), Max(limit), ...about(description));

const RFC3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/;

/** An instant with its offset: a time without one is eight hours wrong on a server that runs in UTC. */
export const InstantField = (description?: string): PropertyDecorator =>
  all(
    rule(
      'instant',
      (value) => typeof value === 'string' && RFC3339.test(value) && !Number.isNaN(Date.parse(value)),
      'must be an RFC 3339 time with its offset, like 2026-11-22T08:00:00+08:00',
      '必须是带时区的 RFC 3339 时间，如 2026-11-22T08:00:00+08:00',
      { type: 'string', format: 'date-time' },
    ),
    ...about(description),
  );

export const AdminCode = (): PropertyDecorator =>
  all(
    matching('admin-code', ADMIN_CODE, 'must be an administrative division code of 6, 9 or 12 digits', '必须是 6、9 或 12 位行政区划代码'),
    ...about('行政区划代码, GB/T 2260'),
  );

export const UnitField = (description?: string): PropertyDecorator =>
  all(matching('unit-code', UNIT_CODE, 'must be a unit code of the directory', '必须是派单目录中的单位代码'), ...about(description));

export const MailboxField = (description?: string): PropertyDecorator =>
  all(matching('mailbox-code', MAILBOX_CODE, 'must be the code of a mailbox', '必须是信箱代码'), ...about(description));

export const Units = (description?: string): PropertyDecorator =>
  all(
    rule(
      'unit-codes',
      (value) =>
        Array.isArray(value) &&
        value.length <= 20 &&
        new Set(value).size === value.length &&
        value.every((unit) => typeof unit === 'string' && UNIT_CODE.test(unit)),
      'must be at most 20 different unit codes of the directory',
      '最多 20 个互不相同的单位代码',
      { type: 'array', maxItems: 20, uniqueItems: true, items: { type: 'string', pattern: UNIT_CODE.source } },
    ),
    ...about(description),
  );

/** A list that is never empty: absent means that nothing is asked, and an empty one would ask what nothing can answer. */
export const Several = (code: string, max: number, pattern: RegExp, what: string, zh: string, description?: string): PropertyDecorator =>
  all(
    rule(
      code,
      (value) =>
        Array.isArray(value) &&
        value.length > 0 &&
        value.length <= max &&
        new Set(value).size === value.length &&
        value.every((item) => typeof item === 'string' && pattern.test(item)),
      `must be 1 to ${max} different ${what}`,
      `必须是 1 至 ${max} 个互不相同的${zh}`,
      { type: 'array', minItems: 1, maxItems: max, uniqueItems: true, items: { type: 'string', pattern: pattern.source } },
    ),
    ...about(description),
  );

/** {@link Several} of a closed set. */
export const SeveralOf = (code: string, list: readonly string[], description?: string): PropertyDecorator =>
  all(
    rule(
      code,
      (value) =>
        Array.isArray(value) &&
        value.length > 0 &&
        new Set(value).size === value.length &&
        value.every((item) => typeof item === 'string' && list.includes(item)),
      `must be different ones of ${list.join(', ')}`,
      `必须是以下各项中互不相同的若干项：${list.join('、')}`,
      { type: 'array', minItems: 1, uniqueItems: true, items: { type: 'string', enum: [...list] } },
    ),
    ...about(description),
  );

/** One text by its pattern. */
export const Formed = (code: string, pattern: RegExp, message: string, zh: string, description?: string): PropertyDecorator =>
  all(matching(code, pattern, message, zh), ...about(description));

export const MatterField = (description?: string): PropertyDecorator =>
  all(matching('matter-code', MATTER_CODE, 'must be a matter code of the catalogue', '必须是事项代码'), ...about(description));

/** Permissive on purpose: extensions, +86, brackets, hotline numbers; a number that can't be dialled is still the citizen's word. */
export const Phone = (): PropertyDecorator =>
  all(
    matching('phone', /^[+(0-9][-+()0-9 .*#转xX]{2,39}$/, 'must be a phone number', '不是有效的电话号码'),
    ...about('电话, with country code or extension if need be'),
  );

export const Email = (): PropertyDecorator =>
  all(
    matching('email', /^[^\s@\u0000]{1,64}@[^\s@\u0000]{1,190}$/, 'must be a mail address', '不是有效的邮箱'),
    Storable(),
    ...about('邮箱'),
  );

/** For answers, which nobody validates: a member that class-validator has no word for, by its JSON Schema. */
export const Shown = (schema: JsonSchema): PropertyDecorator =>
  all(
    rule('shown', () => true, '', ''),
    said(schema),
  );
