/**
 * Keeps people's data out of the log. pino's own `redact` knows fixed paths, one level of wildcard; contact data turns up deeper, in errors of
 * the driver, in the texts of `JSON.parse`. So every logged value is walked instead: log lines are few (requests only at debug), a walk costs
 * a microsecond or two.
 */

const REDACTED = '[redacted]';
const MAX_DEPTH = 6;
const MAX_ITEMS = 50;
const MAX_TEXT = 2_000;

/** Compared with keys in lower case without `-` and `_`. */
const WHOLE_KEYS: ReadonlySet<string> = new Set([
  ...['name', 'realname', 'fullname', 'username', 'citizenname', 'callername', 'contactname', 'displayname', 'tel', 'addr', 'ip'],
  // What a citizen wrote, and carriers of it: Kafka values, SQL parameters, bodies.
  ...['title', 'text', 'content', 'body', 'payload', 'value', 'values', 'parameters', 'params', 'row', 'rows'],
]);
const KEY_PARTS =
  /phone|mobile|contact|address|idcard|idnumber|identity|email|wechat|authorization|cookie|passw|secret|token|apikey|querycode|signature|privatekey/;

const isSensitive = (key: string): boolean => {
  const plain = key.toLowerCase().replace(/[-_]/g, '');
  return WHOLE_KEYS.has(plain) || KEY_PARTS.test(plain);
};

// A last net under the keys, for numbers inside texts: mobile numbers and resident identity numbers.
// Hexadecimal neighbours are excluded: it may be a part of a UUID.
const MOBILE = /(?<![\da-f.])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![\da-f])/g;
const IDENTITY = /(?<![\da-f])\d{17}[\dXx](?![\da-f])/g;

/** A text without phone and identity numbers, cut to a length for a log line. */
export const scrubText = (text: string): string => {
  const short = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  return /\d{4}/.test(short) ? short.replace(IDENTITY, '[number]').replace(MOBILE, '[number]') : short;
};

const codeOf = (error: object): string | undefined => ('code' in error && typeof error.code === 'string' ? error.code : undefined);

/** The message of an error without what the error quotes: drivers and parsers quote their input. */
export const safeMessage = (error: Error): string => {
  const code = codeOf(error);
  // V8 shows the text it could not parse: `Unexpected token '张', "{"name":"张三…" is not valid JSON`.
  if (error.name === 'SyntaxError') return error.message.replace(/(["'“]).*(["'”])/s, '$1…$2').slice(0, 200);
  // Postgres quotes the value in class 22 (`invalid input syntax for type integer: "…"`); in others it quotes names of constraints, which we need.
  if (code !== undefined && /^22[0-9A-Z]{3}$/.test(code)) return error.message.replace(/".*"/s, '"…"');
  // Names and texts of people are Chinese, names of ours are not: a quotation with other than ASCII in it is data.
  return scrubText(error.message.replace(/(["'`«“])[^"'`«»“”]*[^\0-\x7f«»“”][^"'`«»“”]*(["'`»”])/g, '$1…$2'));
};

export interface SafeError {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly constraint?: string;
  readonly table?: string;
  readonly retryable?: boolean;
  /** The frames alone: the first line of a stack repeats the message. */
  readonly stack?: string;
  readonly cause?: SafeError;
  readonly errors?: readonly SafeError[];
}

/**
 * An error as it may be logged: chosen members only. TypeORM's `query` and `parameters`, Postgres' `detail` and `where`, a Kafka error's
 * payload and whatever else hangs on an error stays out because it is not on the list.
 */
export const safeError = (error: Error, depth = 0): SafeError => {
  const code = codeOf(error);
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 20);
  const text = (key: string): string | undefined => {
    const value = (error as unknown as Record<string, unknown>)[key];
    return typeof value === 'string' ? value.slice(0, 100) : undefined;
  };
  const constraint = text('constraint');
  const table = text('table');
  return {
    type: error.name,
    message: safeMessage(error),
    ...(code === undefined ? {} : { code }),
    ...(constraint === undefined ? {} : { constraint }),
    ...(table === undefined ? {} : { table }),
    ...('retryable' in error && typeof error.retryable === 'boolean' ? { retryable: error.retryable } : {}),
    ...(frames.length === 0 ? {} : { stack: frames.join('\n') }),
    ...(error.cause instanceof Error && depth < 4 ? { cause: safeError(error.cause, depth + 1) } : {}),
    ...(error instanceof AggregateError && depth < 2
      ? {
          errors: error.errors
            .filter((one) => one instanceof Error)
            .slice(0, 5)
            .map((one) => safeError(one, depth + 2)),
        }
      : {}),
  };
};

/** Any value as it may be logged. */
export const scrub = (value: unknown, depth = 0): unknown => {
  switch (typeof value) {
    case 'string':
      return scrubText(value);
    case 'number': {
      const text = String(value);
      return text.length >= 11 && scrubText(text) !== text ? '[number]' : value;
    }
    case 'bigint':
      return scrubText(String(value));
    case 'boolean':
    case 'undefined':
      return value;
    case 'function':
    case 'symbol':
      return `[${typeof value}]`;
    case 'object':
      return value === null ? null : scrubObject(value, depth);
  }
};

const scrubObject = (value: object, depth: number): unknown => {
  if (value instanceof Error) return safeError(value);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof URL) return `${value.protocol}//${value.host}${value.pathname}`;
  if (depth >= MAX_DEPTH) return '[…]';
  if (value instanceof Map) return scrubObject(Object.fromEntries([...value].map(([key, one]) => [String(key), one as unknown])), depth);
  if (Array.isArray(value) || value instanceof Set) return scrubItems([...(value as Iterable<unknown>)], depth);
  // Classes like Secret say by toJSON how they want to be shown; its answer is scrubbed like anything else.
  if ('toJSON' in value && typeof value.toJSON === 'function') return scrub((value.toJSON as () => unknown)(), depth + 1);
  const out: Record<string, unknown> = {};
  for (const [key, one] of Object.entries(value).slice(0, MAX_ITEMS)) {
    out[key] = isSensitive(key) && one !== undefined && one !== null && typeof one !== 'boolean' ? REDACTED : scrub(one, depth + 1);
  }
  return out;
};

const scrubItems = (items: readonly unknown[], depth: number): unknown[] => {
  const shown = items.slice(0, MAX_ITEMS).map((item) => scrub(item, depth + 1));
  return items.length > MAX_ITEMS ? [...shown, `… ${items.length - MAX_ITEMS} more`] : shown;
};
