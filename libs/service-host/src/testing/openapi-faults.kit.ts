/* What an OpenAPI document lacks, for the specs of the services: a caller must be able to tell each answer from the document alone. */

type Json = Readonly<Record<string, unknown>>;

const METHODS = ['get', 'put', 'post', 'delete', 'patch'];

/** What a success may be: a table for a spreadsheet or another program is no JSON. */
const SUCCESSES = ['application/json', 'text/csv'];

/** Statuses that need no body. */
const EMPTY = new Set(['204', '304']);

/** One line for each fault: an answer without a schema, a problem that is no problem document, a reference to nothing, a 2xx or a 500 that is missing. */
export function openApiFaults(document: object): string[] {
  const root = JSON.parse(JSON.stringify(document)) as Json;
  const faults: string[] = [];
  const at = (pointer: string): unknown =>
    pointer
      .slice(2)
      .split('/')
      .reduce<unknown>((value, key) => (value as Json | undefined)?.[key], root);
  const follow = (value: unknown): Json => {
    const pointer = (value as Json | undefined)?.['$ref'];
    return (typeof pointer === 'string' ? (at(pointer) ?? {}) : (value ?? {})) as Json;
  };

  for (const [path, item] of Object.entries(root['paths'] as Record<string, Record<string, Json>>))
    for (const [method, operation] of Object.entries(item)) {
      if (!METHODS.includes(method)) continue;
      const name = `${method.toUpperCase()} ${path}`;
      const responses = Object.entries((operation['responses'] ?? {}) as Record<string, unknown>);
      const statuses = responses.map(([status]) => status);
      if (!statuses.some((status) => status.startsWith('2'))) faults.push(`${name}: no success`);
      for (const status of ['500', '503']) if (!statuses.includes(status)) faults.push(`${name}: no ${status}`);
      const asks = operation['requestBody'] !== undefined || ((operation['parameters'] ?? []) as unknown[]).length > 0;
      if (asks && !statuses.includes('400')) faults.push(`${name}: no 400`);
      if (statuses.includes('default')) faults.push(`${name}: a default hides what isn't described`);
      if (operation['summary'] === undefined) faults.push(`${name}: no summary`);
      for (const [status, given] of responses) {
        const content = (follow(given)['content'] ?? {}) as Record<string, { schema?: unknown }>;
        const expected = Number(status) < 400 ? SUCCESSES : ['application/problem+json'];
        if (EMPTY.has(status)) continue;
        const types = Object.keys(content);
        if (!expected.includes(types.join()))
          faults.push(`${name} ${status}: is ${types.join() || 'nothing'}, not ${expected.join(' or ')}`);
        else if (Object.keys(follow(content[types.join()]?.schema)).length === 0) faults.push(`${name} ${status}: no schema`);
      }
    }
  for (const pointer of textsOf(root, '$ref')) if (at(pointer) === undefined) faults.push(`${pointer} is nowhere`);
  // Only JavaScript reads this as NUL; readers in other languages give up on the whole pattern.
  for (const pattern of textsOf(root, 'pattern')) if (/\\0/.test(pattern)) faults.push(`${pattern}: write \\u0000`);
  return faults;
}

/** Texts of all members of a name. */
function textsOf(value: unknown, name: string): Set<string> {
  const found = new Set<string>();
  const walk = (one: unknown): void => {
    if (typeof one !== 'object' || one === null) return;
    for (const [key, member] of Object.entries(one)) {
      if (key === name && typeof member === 'string') found.add(member);
      else walk(member);
    }
  };
  walk(value);
  return found;
}
