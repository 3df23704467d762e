import { shapeSchemas } from '@paidan/contracts';
import fc from 'fast-check';

export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * Values for members by their name, where those that the schema alone allows would hardly ever meet: units, assignment numbers, instants. A closed set stays
 * its own.
 */
export type Names = Readonly<Record<string, fc.Arbitrary<unknown>>>;

/** As many items of a list, and characters of a text, as are tried; bounds further out are reached by the longest that is allowed. */
const MOST_ITEMS = 3;
const MOST_TEXT = 12;
/** Of one, two, three and four bytes, some of them what writers of JSON, SQL and arrays have to escape. */
const CHARACTERS = fc.constantFrom(...'az09 .-\\"\'{},%_é路灯坏了𠮷\n\u2028');

/** Any value that a JSON Schema of the contracts allows: events, and what people and departments send. */
export const arbitraryOf = (schema: JsonSchema, names: Names = {}): fc.Arbitrary<unknown> => {
  if (typeof schema['$ref'] === 'string') return arbitraryOf(referred(schema['$ref']), names);
  if ('const' in schema) return fc.constant(schema['const']);
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
  const choices = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(choices)) return fc.oneof(...(choices as JsonSchema[]).map((choice) => arbitraryOf(choice, names)));
  switch (schema['type']) {
    case 'object':
      return objectOf(schema, names);
    case 'array':
      return arrayOf(schema, names);
    case 'string':
      return textOf(schema);
    case 'integer':
      return fc.integer({ min: (schema['minimum'] as number | undefined) ?? -5, max: (schema['maximum'] as number | undefined) ?? 20 });
    case 'number': {
      const [min, max] = [(schema['minimum'] as number | undefined) ?? -10, (schema['maximum'] as number | undefined) ?? 10];
      // JSON knows no -0.
      return fc.double({ min, max, noNaN: true }).map((number) => number + 0);
    }
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      throw new Error(`no arbitrary for ${JSON.stringify(schema)}`);
  }
};

function referred(pointer: string): JsonSchema {
  const schema = shapeSchemas()[pointer.split('/').at(-1) ?? ''];
  if (schema === undefined) throw new Error(`no shape ${pointer}`);
  return schema;
}

function objectOf(schema: JsonSchema, names: Names): fc.Arbitrary<unknown> {
  const properties = (schema['properties'] ?? {}) as Record<string, JsonSchema>;
  const required = (schema['required'] ?? []) as string[];
  const members = Object.entries(properties).map(
    ([name, member]) => [name, ('enum' in member ? undefined : names[name]) ?? arbitraryOf(member, names)] as const,
  );
  return fc.record(Object.fromEntries(members), { requiredKeys: required, noNullPrototype: true });
}

function arrayOf(schema: JsonSchema, names: Names): fc.Arbitrary<unknown> {
  const items = arbitraryOf(schema['items'] as JsonSchema, names);
  const bounds = {
    minLength: (schema['minItems'] as number | undefined) ?? 0,
    maxLength: Math.min((schema['maxItems'] as number | undefined) ?? MOST_ITEMS, MOST_ITEMS),
  };
  return schema['uniqueItems'] === true ? fc.uniqueArray(items, bounds) : fc.array(items, bounds);
}

function textOf(schema: JsonSchema): fc.Arbitrary<string> {
  const { format, pattern } = schema;
  if (format === 'uuid') return fc.uuid();
  if (format === 'date-time') return fc.integer({ min: 0, max: 4_000_000_000_000 }).map((at) => new Date(at).toISOString());
  const { minLength: min = 0, maxLength: max = MOST_TEXT } = schema as { minLength?: number; maxLength?: number };
  if (typeof pattern === 'string' && pattern !== '\\S') return fc.stringMatching(new RegExp(pattern));
  const short = fc.string({ minLength: min, maxLength: Math.max(min, Math.min(max, MOST_TEXT)), unit: CHARACTERS });
  const fits = (text: string): boolean => [...text].length <= max && (min === 0 || /\S/u.test(text));
  // A long one, of characters that are two units each: whoever cuts a text must not cut them in half.
  return fc.oneof({ weight: 20, arbitrary: short.filter(fits) }, { weight: 1, arbitrary: fc.constant('𠮷'.repeat(Math.max(1, max))) });
}
