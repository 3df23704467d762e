import { parseArgs } from 'node:util';
import { describe } from './errors.js';
import { departmentRoles, LocalKeys, personRoles, type Role } from './local-keys.js';

const usage = `npm run keys -- <command>

  mint adapter --channel ID                        an API key for a channel's adapter; shown once
  mint person --role ROLE[,ROLE] --sub NAME        a bearer token; roles: ${personRoles.join(', ')}
  mint department --unit CODE --role ROLE[,ROLE]   a bearer token for a unit; roles: ${departmentRoles.join(', ')}
  list                                             the API keys, without the keys
  revoke KEYID                                     refuse an API key from now on

  --hours N    how long a token is good (8)
  --sub NAME   whom a department's token is for (the unit)
  --json       print JSON instead of a table
`;

/** A mistake of the caller, answered with its text alone. */
class Misuse extends Error {}

type Row = Readonly<Record<string, string>>;

async function run(
  args: readonly string[],
  dataDir: string,
): Promise<{ readonly rows: readonly Row[]; readonly json: boolean; readonly one: boolean }> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      channel: { type: 'string' },
      role: { type: 'string' },
      sub: { type: 'string' },
      unit: { type: 'string' },
      hours: { type: 'string', default: '8' },
      json: { type: 'boolean', default: false },
    },
  });
  const keys = await LocalKeys.open(dataDir);
  const required = (name: 'channel' | 'role' | 'sub' | 'unit'): string => values[name] ?? fail(`--${name} is missing`);
  const hours = Number(values.hours);
  if (!(hours > 0 && hours <= 24 * 366)) fail(`--hours ${values.hours} is not between 0 and ${24 * 366}`);

  async function token(sub: string, known: readonly Role[], unit?: string): Promise<Row> {
    const roles = rolesAmong(known, required('role'));
    const lifetimeSeconds = Math.round(hours * 3600);
    const expires = new Date(Date.now() + lifetimeSeconds * 1000).toISOString();
    const made = await keys.token({ sub, roles, lifetimeSeconds, ...(unit === undefined ? {} : { unit }) });
    return { sub, roles: roles.join(','), ...(unit === undefined ? {} : { unit }), expires, token: made };
  }

  const rows = async (): Promise<readonly Row[]> => {
    const [command, what] = positionals;
    if (command === 'mint' && what === 'adapter') return [{ ...(await keys.mintApiKey(required('channel'))) }];
    if (command === 'mint' && what === 'person') return [await token(required('sub'), personRoles)];
    if (command === 'mint' && what === 'department')
      return [await token(values.sub ?? required('unit'), departmentRoles, required('unit'))];
    if (command === 'revoke') return [{ ...(await keys.revokeApiKey(what ?? fail('which key? keys revoke KEYID'))) }];
    if (command === 'list') return (await keys.apiKeys()).map(({ sha256: _hash, ...entry }) => entry);
    return fail(command === undefined ? usage : `there is no command "${positionals.join(' ')}"\n\n${usage}`);
  };
  return { rows: await rows(), json: values.json, one: positionals[0] !== 'list' };
}

function rolesAmong(known: readonly Role[], text: string): readonly Role[] {
  return text.split(',').map((role) => known.find((name) => name === role) ?? fail(`--role ${role} is not one of ${known.join(', ')}`));
}

function fail(message: string): never {
  throw new Misuse(message);
}

/** One row as lines of name and value, so that a key or token can be copied; more of them as a table. */
function table(rows: readonly Row[]): string {
  const [first] = rows;
  if (first === undefined) return 'none';
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const nameWidth = Math.max(...names.map((name) => name.length));
  if (rows.length === 1) return names.map((name) => `${name.padEnd(nameWidth)}  ${first[name] ?? ''}`).join('\n');
  const widths = names.map((name) => Math.max(name.length, ...rows.map((row) => (row[name] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(names), ...rows.map((row) => line(names.map((name) => row[name] ?? '')))].join('\n');
}

/** Runs `npm run keys` with its arguments. @returns what to print; a mistake of the caller is `wrong`, in one line */
export async function keysCommand(
  args: readonly string[],
  dataDir: string,
): Promise<{ readonly text: string } | { readonly wrong: string }> {
  try {
    const { rows, json, one } = await run(args, dataDir);
    return { text: json ? JSON.stringify(one ? rows[0] : rows) : table(rows) };
  } catch (error) {
    return { wrong: describe(error) };
  }
}
