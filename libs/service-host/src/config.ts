import { existsSync, readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { hostError } from './errors.js';

/** A value that must reach no log, no error and no `JSON.stringify`. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return '[secret]';
  }
  toJSON(): string {
    return '[secret]';
  }
  [inspect.custom](): string {
    return '[secret]';
  }
}

/** One environment variable: where it is, how it is read, what a person is told of it. */
export interface Field<T> {
  readonly variable: string;
  readonly kind: string;
  readonly describe: string;
  readonly default: string | undefined;
  readonly optional: boolean;
  readonly secret: boolean;
  /** @throws Error whose message says what is wrong, without the variable's name. */
  readonly parse: (raw: string) => T;
}

export type Spec = Readonly<Record<string, Field<unknown>>>;
export type ConfigOf<S extends Spec> = { readonly [K in keyof S]: S[K] extends Field<infer T> ? T : never };

interface Common<T> {
  readonly describe: string;
  /** Written as in the environment, so that it is parsed like it and documented verbatim. */
  readonly default?: string | number | boolean;
  readonly optional?: boolean;
  /** Says what is wrong with a parsed value, or nothing. The answer is printed: it must not repeat a secret. */
  readonly check?: (value: T) => string | undefined;
}
type Value<T, O> = O extends { readonly optional: true } ? T | undefined : T;

const field = <T, O extends Common<T>>(
  kind: string,
  parse: (raw: string) => T,
  variable: string,
  options: O,
  secret = false,
): Field<Value<T, O>> => ({
  variable,
  kind,
  secret,
  describe: options.describe,
  default: options.default === undefined ? undefined : String(options.default),
  optional: options.optional ?? false,
  parse: (raw) => {
    const value = parse(raw);
    const problem = options.check?.(value);
    if (problem !== undefined) throw new Error(problem);
    return value as Value<T, O>;
  },
});

const shown = (raw: string): string => `«${raw.length > 80 ? `${raw.slice(0, 80)}…` : raw}»`;
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of 500ms, 5s, 2m, 12h or 1d. @throws Error that says what is wrong */
export const parseDuration = (raw: string): number => {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(raw);
  if (match === null) throw new Error(`${shown(raw)} is not a duration like 500ms, 5s, 2m, 12h or 1d`);
  return Math.round(Number(match[1]) * (UNITS[match[2] ?? ''] ?? 0));
};

const bounded = (value: number, raw: string, options: { min?: number; max?: number }): number => {
  if (options.min !== undefined && value < options.min) throw new Error(`${shown(raw)} is less than ${options.min}`);
  if (options.max !== undefined && value > options.max) throw new Error(`${shown(raw)} is more than ${options.max}`);
  return value;
};

/** The kinds of variables. Each gives a field of a spec for {@link loadConfig}. */
export const env = {
  string: <const O extends Common<string>>(variable: string, options: O) => field<string, O>('text', (raw) => raw, variable, options),

  oneOf: <const M extends readonly string[], const O extends Common<M[number]>>(variable: string, members: M, options: O) =>
    field<M[number], O>(
      members.join(' \\| '),
      (raw) => {
        if (!members.includes(raw)) throw new Error(`${shown(raw)} is none of ${members.join(', ')}`);
        return raw;
      },
      variable,
      options,
    ),

  int: <const O extends Common<number> & { min?: number; max?: number }>(variable: string, options: O) =>
    field<number, O>(
      options.min === undefined && options.max === undefined ? 'whole number' : `whole number ${options.min ?? ''}…${options.max ?? ''}`,
      (raw) => {
        if (!/^-?\d{1,15}$/.test(raw)) throw new Error(`${shown(raw)} is not a whole number`);
        return bounded(Number(raw), raw, options);
      },
      variable,
      options,
    ),

  number: <const O extends Common<number> & { min?: number; max?: number }>(variable: string, options: O) =>
    field<number, O>(
      'number',
      (raw) => {
        if (!/^-?\d+(\.\d+)?$/.test(raw)) throw new Error(`${shown(raw)} is not a number`);
        return bounded(Number(raw), raw, options);
      },
      variable,
      options,
    ),

  bool: <const O extends Common<boolean>>(variable: string, options: O) =>
    field<boolean, O>(
      'true \\| false',
      (raw) => {
        if (raw !== 'true' && raw !== 'false') throw new Error(`${shown(raw)} is neither true nor false`);
        return raw === 'true';
      },
      variable,
      options,
    ),

  /** Milliseconds. Bounds are written with units, too. */
  duration: <const O extends Common<number> & { min?: string; max?: string }>(variable: string, options: O) =>
    field<number, O>(
      'duration',
      (raw) =>
        bounded(parseDuration(raw), raw, {
          ...(options.min === undefined ? {} : { min: parseDuration(options.min) }),
          ...(options.max === undefined ? {} : { max: parseDuration(options.max) }),
        }),
      variable,
      options,
    ),

  /** An address without credentials in it; one with a password is a {@link env.secret}. */
  url: <const O extends Common<URL> & { protocols?: readonly string[] }>(variable: string, options: O) =>
    field<URL, O>(
      'URL',
      (raw) => {
        // What is refused is not printed: a password may be in it.
        const url = URL.canParse(raw) ? new URL(raw) : undefined;
        if (url === undefined) throw new Error('is not a URL');
        const protocols = options.protocols ?? ['http', 'https'];
        if (!protocols.includes(url.protocol.slice(0, -1))) throw new Error(`must be a URL of ${protocols.join(' or ')}`);
        if (url.password !== '') throw new Error('must not contain a password');
        return url;
      },
      variable,
      options,
    ),

  /** Comma-separated; blanks around the members are dropped. */
  list: <const O extends Common<readonly string[]>>(variable: string, options: O) =>
    field<readonly string[], O>(
      'list, comma-separated',
      (raw) => {
        const members = raw.split(',').map((member) => member.trim());
        if (members.includes('')) throw new Error(`${shown(raw)} has an empty member`);
        return Object.freeze(members);
      },
      variable,
      options,
    ),

  /** Path of a file that exists. */
  file: <const O extends Common<string>>(variable: string, options: O) =>
    field<string, O>(
      'path of a file',
      (raw) => {
        if (!existsSync(raw)) throw new Error(`file ${shown(raw)} does not exist`);
        return raw;
      },
      variable,
      options,
    ),

  /** Anything else: `parse` throws an Error that says what is wrong, without the variable's name. */
  parsed: <T, const O extends Common<T> & { readonly kind: string }>(variable: string, parse: (raw: string) => T, options: O) =>
    field<T, O>(options.kind, parse, variable, options),

  /** Read from the variable, or from the file that `<VARIABLE>_FILE` names (how Docker and Kubernetes hand over secrets). */
  secret: <const O extends Common<string>>(variable: string, options: O): Field<Value<Secret, O>> => {
    const { default: fallback, optional, describe, check } = options;
    return field<Secret, Common<Secret>>(
      'secret',
      (raw) => {
        const problem = check?.(raw);
        if (problem !== undefined) throw new Error(problem);
        return new Secret(raw);
      },
      variable,
      { describe, ...(fallback === undefined ? {} : { default: fallback }), ...(optional === undefined ? {} : { optional }) },
      true,
    ) as Field<Value<Secret, O>>;
  },
};

/** A rule over several fields; asked only when all of them could be read. */
export interface CrossCheck<S extends Spec> {
  readonly of: readonly (keyof S & string)[];
  readonly problem: (config: ConfigOf<S>) => string | undefined;
}

const rawOf = (spec: Field<unknown>, environment: NodeJS.ProcessEnv): string | undefined => {
  // Compose and Helm hand an unset value over as an empty one.
  const value = environment[spec.variable]?.trim();
  if (value !== undefined && value !== '') return value;
  const file = spec.secret ? environment[`${spec.variable}_FILE`] : undefined;
  if (file === undefined || file === '') return spec.default;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw new Error(`the file that ${spec.variable}_FILE names cannot be read: ${file}`);
  }
};

/**
 * Reads the environment once into a frozen object.
 * @throws PaidanError `config-invalid`, whose message names every wrong variable at once.
 */
export const loadConfig = <S extends Spec>(
  spec: S,
  options: { readonly env?: NodeJS.ProcessEnv; readonly checks?: readonly CrossCheck<S>[] } = {},
): ConfigOf<S> => {
  const environment = options.env ?? process.env;
  const problems: string[] = [];
  const config: Record<string, unknown> = {};
  const unread = new Set<string>();
  for (const [key, one] of Object.entries(spec)) {
    try {
      const raw = rawOf(one, environment);
      if (raw === undefined && !one.optional) throw new Error('is not set');
      config[key] = raw === undefined ? undefined : one.parse(raw);
    } catch (error) {
      unread.add(key);
      problems.push(`${one.variable}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  for (const check of options.checks ?? []) {
    if (check.of.some((key) => unread.has(key))) continue;
    const problem = check.problem(config as ConfigOf<S>);
    if (problem !== undefined) problems.push(`${check.of.map((key) => spec[key]?.variable).join(', ')}: ${problem}`);
  }
  if (problems.length > 0) throw hostError('config-invalid', `configuration:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  return Object.freeze(config) as ConfigOf<S>;
};

/** The table of a service's README. */
export const describeConfig = (spec: Spec): string => {
  const rows = Object.values(spec).map((one) => {
    const preset = one.default !== undefined ? `\`${one.default}\`` : one.optional ? '–' : '**required**';
    const variable = one.secret ? `\`${one.variable}\` or \`${one.variable}_FILE\`` : `\`${one.variable}\``;
    return `| ${variable} | ${one.kind} | ${preset} | ${one.describe} |`;
  });
  return ['| variable | kind | default | meaning |', '|---|---|---|---|', ...rows].join('\n');
};
