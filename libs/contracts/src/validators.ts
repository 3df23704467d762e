import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import type { TSchema } from 'typebox';

type JsonSchema = Readonly<Record<string, unknown>>;

/** Bounds and closedness: promises of the producer. Loosening one later must not make yesterday's consumers refuse. */
const PRODUCER_ONLY = new Set([
  'additionalProperties',
  'minLength',
  'maxLength',
  'pattern',
  'minItems',
  'maxItems',
  'minimum',
  'maximum',
  'description',
]);

/**
 * What a consumer holds a message to: the structure – types, required members, `const` discriminators, formats – and nothing that a newer
 * producer may legitimately widen. Unknown members pass; a closed set becomes any string (read it with `knownOr` of the kernel, or
 * with a default branch).
 */
export const relaxed = (schema: JsonSchema): JsonSchema => {
  const result: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (PRODUCER_ONLY.has(keyword)) continue;
    if (keyword === 'enum') result['type'] = 'string';
    else if (keyword === 'properties') {
      result[keyword] = Object.fromEntries(Object.entries(value as Record<string, JsonSchema>).map(([k, v]) => [k, relaxed(v)]));
    } else if (keyword === 'anyOf' || keyword === 'oneOf' || keyword === 'allOf') {
      result[keyword] = (value as JsonSchema[]).map(relaxed);
    } else if (keyword === 'items') result[keyword] = relaxed(value as JsonSchema);
    else result[keyword] = value;
  }
  return result;
};

const engine = (allErrors: boolean): Ajv => {
  const ajv = new Ajv({ allErrors, strict: true, strictTypes: false, strictRequired: false });
  formats.default(ajv, { mode: 'fast', formats: ['date-time', 'uuid'] });
  return ajv;
};

/** Where and which rule; never the value, which may be what a citizen wrote. */
const said = (errors: readonly ErrorObject[] | null | undefined): string[] =>
  (errors ?? []).map((error) => `${error.instancePath === '' ? '/' : error.instancePath}: ${error.message ?? error.keyword}`);

/** Problems of a value under a schema, `[]` when there are none. */
export type Problems = (value: unknown) => string[];

/**
 * Compiled on first use and once: compiling all of them costs some 200 ms, which no process that consumes five types should pay.
 */
const compiledBy = (prepare: (schema: TSchema) => JsonSchema, ajv: Ajv): ((schema: TSchema) => ValidateFunction) => {
  const compiled = new WeakMap<TSchema, ValidateFunction>();
  return (schema) => {
    const known = compiled.get(schema);
    if (known) return known;
    const fresh = ajv.compile(prepare(schema));
    compiled.set(schema, fresh);
    return fresh;
  };
};

const strict = compiledBy((schema) => schema as JsonSchema, engine(true));
const tolerant = compiledBy((schema) => relaxed(schema as JsonSchema), engine(false));

/** Every promise of the schema; for producers, in tests and while developing. */
export const strictProblems = (schema: TSchema, value: unknown): string[] => {
  const validate = strict(schema);
  return validate(value) ? [] : said(validate.errors);
};

/** The structure only; for consumers, on every message. */
export const structureProblems = (schema: TSchema, value: unknown): string[] => {
  const validate = tolerant(schema);
  return validate(value) ? [] : said(validate.errors);
};
