/** One wrong field, as it stands in the `errors` of a problem document and in a refusal on a receipts topic. */
export interface FieldError {
  /** RFC 6901 JSON pointer into what was sent; empty for the whole. */
  readonly pointer: string;
  /** Stable: the validator's name in kebab case, `required`, or `unknown-field`. */
  readonly code: string;
  readonly detail: string;
  readonly detailZh?: string;
}

interface Source {
  readonly property?: string;
  readonly constraints?: readonly unknown[];
  readonly text?: string | undefined;
  /** `{ zh: '…' }` in a decorator's `context` replaces the general Chinese text. */
  readonly context?: unknown;
}

const CODES: Readonly<Record<string, string>> = { isDefined: 'required', whitelistValidation: 'unknown-field' };
const DETAILS: Readonly<Record<string, string>> = {
  isDefined: 'is required',
  whitelistValidation: 'is not a field of this shape',
  isObject: 'must be an object',
  isArray: 'must be an array',
};

const list = (members: unknown): string =>
  (Array.isArray(members) ? members : typeof members === 'object' && members !== null ? Object.values(members) : [members]).join('、');
const day = (value: unknown): string => (value instanceof Date ? value.toISOString() : String(value));

/** Chinese texts for the constraints of class-validator that a shape here uses, by their names. */
const ZH: Readonly<Record<string, (c: readonly unknown[]) => string>> = {
  isDefined: () => '必填',
  whitelistValidation: () => '不是允许的字段',
  isString: () => '必须是文本',
  isObject: () => '必须是对象',
  isArray: () => '必须是列表',
  isBoolean: () => '必须是 true 或 false',
  isInt: () => '必须是整数',
  isNumber: () => '必须是数字',
  isNotEmpty: () => '不能为空',
  minLength: ([min]) => `至少 ${String(min)} 个字符`,
  maxLength: ([max]) => `最多 ${String(max)} 个字符`,
  isLength: ([min, max]) => (max === undefined ? `至少 ${String(min)} 个字符` : `长度须为 ${Number(min)} 到 ${Number(max)} 个字符`),
  min: ([min]) => `不能小于 ${String(min)}`,
  max: ([max]) => `不能大于 ${String(max)}`,
  isPositive: () => '必须大于 0',
  isIn: ([members]) => `只能是：${list(members)}`,
  isEnum: ([, members]) => `只能是：${list(members)}`,
  matches: () => '格式不正确',
  isUuid: () => '必须是 UUID',
  isDateString: () => '必须是 ISO 8601 时间，如 2026-11-22T08:00:00+08:00',
  isIso8601: () => '必须是 ISO 8601 时间，如 2026-11-22T08:00:00+08:00',
  isRFC3339: () => '必须是 RFC 3339 时间，如 2026-11-22T08:00:00+08:00',
  isDate: () => '必须是日期',
  minDate: ([min]) => `不能早于 ${day(min)}`,
  maxDate: ([max]) => `不能晚于 ${day(max)}`,
  isLatitude: () => '纬度须在 -90 到 90 之间',
  isLongitude: () => '经度须在 -180 到 180 之间',
  isMobilePhone: () => '不是有效的手机号码',
  isEmail: () => '不是有效的邮箱',
  isUrl: () => '不是有效的网址',
  arrayNotEmpty: () => '不能为空列表',
  arrayMinSize: ([min]) => `至少 ${String(min)} 项`,
  arrayMaxSize: ([max]) => `最多 ${String(max)} 项`,
  arrayUnique: () => '不能有重复项',
};

const kebab = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .toLowerCase();

const zhOf = (context: unknown): string | undefined => {
  const zh = typeof context === 'object' && context !== null && 'zh' in context ? context.zh : undefined;
  return typeof zh === 'string' ? zh : undefined;
};

/**
 * `$value` is never filled in: a message may be logged or kept, what the citizen wrote may not.
 * The rest follows class-validator: `$property`, `$constraint1` …
 */
const fill = (text: string, property: string, constraints: readonly unknown[]): string =>
  text
    .replaceAll('$property', property)
    .replaceAll('$value', 'the value')
    .replace(/\$constraint(\d+)/g, (_, n: string) => {
      const constraint = constraints[Number(n) - 1];
      return Array.isArray(constraint) ? constraint.join(', ') : String(constraint);
    });

/** Code and texts of a failed constraint, by the name class-validator gives it. */
export const detailOf = (name: string, from: Source): Omit<FieldError, 'pointer'> => {
  const constraints = from.constraints ?? [];
  const zh = zhOf(from.context) ?? ZH[name]?.(constraints);
  const detail = from.text === undefined ? (DETAILS[name] ?? 'is not valid') : fill(from.text, from.property ?? '', constraints);
  return { code: CODES[name] ?? kebab(name), detail, ...(zh === undefined ? {} : { detailZh: zh }) };
};
