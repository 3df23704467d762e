import { misused, readArguments } from './call.js';
import { describe } from './errors.js';
import type { IssuedToken } from './issued-tokens.js';
import { departmentRoles, LocalKeys, personRoles, type Role } from './local-keys.js';
import { lines, type Row, table } from './table.js';

export const keysUsage = `paidan keys <command>   (npm run keys -- <command> is the same)

  mint adapter --channel ID                        an API key for a channel's adapter; shown once
  mint person --role ROLE[,ROLE] --sub NAME        a bearer token; roles: ${personRoles.join(', ')}
  mint department --unit CODE --role ROLE[,ROLE]   a bearer token for a unit; roles: ${departmentRoles.join(', ')}
  list                                             what has been minted, without keys and tokens
  revoke ID                                        refuse an API key or a token from now on: services notice within two seconds

  --hours N    how long a token is good (8)
  --sub NAME   whom a department's token is for (the unit)
  --json       print JSON instead of a table

The keys are those of the local run (PAIDAN_DATA_DIR, else .data). A city's own identity provider issues its tokens and takes them back;
what it can't take back is good until it expires, or until its jti stands in the services' PAIDAN_REVOKED_TOKENS_FILE.
`;

async function run(args: readonly string[], dataDir: string): Promise<string> {
  const { values, positionals } = readArguments(args, {
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
  const [command, what, ...more] = positionals;
  if (more.length > 0) misused(`"${more.join(' ')}" is too much\n\n${keysUsage}`);
  const keys = await LocalKeys.open(dataDir);
  const required = (name: 'channel' | 'role' | 'sub' | 'unit'): string => values[name] ?? misused(`--${name} is missing`);
  const hours = Number(values.hours);
  if (!(hours > 0 && hours <= 24 * 366)) misused(`--hours ${values.hours} is not between 0 and ${24 * 366}`);

  async function token(sub: string, known: readonly Role[], unit?: string): Promise<Row> {
    const roles = rolesAmong(known, required('role'));
    const request = { sub, roles, lifetimeSeconds: Math.round(hours * 3600), ...(unit === undefined ? {} : { unit }) };
    const { tokenId, expiresAt: expires, token: made } = await keys.mintToken(request);
    return { tokenId, sub, roles: roles.join(','), ...(unit === undefined ? {} : { unit }), expires, token: made };
  }

  const one = async (): Promise<Row> => {
    if (command === 'mint' && what === 'adapter') return { ...(await keys.mintApiKey(required('channel'))) };
    if (command === 'mint' && what === 'person') return token(required('sub'), personRoles);
    if (command === 'mint' && what === 'department') return token(values.sub ?? required('unit'), departmentRoles, required('unit'));
    if (command === 'revoke') return revoke(keys, what ?? misused('which key or token? keys revoke ID'));
    return misused(command === undefined ? keysUsage : `there is no command "${positionals.join(' ')}"\n\n${keysUsage}`);
  };
  if (command !== 'list') {
    const row = await one();
    return values.json ? JSON.stringify(row) : lines(row);
  }
  const rows = await minted(keys);
  return values.json ? JSON.stringify(rows) : rows.length === 0 ? 'none' : table(rows);
}

async function minted(keys: LocalKeys): Promise<Row[]> {
  const [adapters, tokens] = await Promise.all([keys.apiKeys(), keys.issuedTokens()]);
  return [
    ...adapters.map(({ keyId: id, channel, createdAt: since, revokedAt: revoked }) => ({
      id,
      for: channel,
      roles: 'adapter',
      since,
      ...(revoked && { revoked }),
    })),
    ...tokens.map(rowOf),
  ];
}

const rowOf = ({ tokenId: id, sub, unit, roles, issuedAt: since, expiresAt: expires, revokedAt: revoked }: IssuedToken): Row => ({
  id,
  for: unit === undefined || unit === sub ? sub : `${sub} of ${unit}`,
  roles: roles.join(','),
  since,
  expires,
  ...(revoked && { revoked }),
});

async function revoke(keys: LocalKeys, id: string): Promise<Row> {
  if ((await keys.apiKeys()).some(({ keyId }) => keyId === id)) {
    const { channel, revokedAt = '' } = await keys.revokeApiKey(id);
    return { id, for: channel, roles: 'adapter', revoked: revokedAt };
  }
  if (!(await keys.issuedTokens()).some(({ tokenId }) => tokenId === id))
    misused(`there is no key or token "${id}"; keys list shows them all`);
  return rowOf(await keys.revokeToken(id));
}

function rolesAmong(known: readonly Role[], text: string): readonly Role[] {
  return text.split(',').map((role) => known.find((name) => name === role) ?? misused(`--role ${role} is not one of ${known.join(', ')}`));
}

/** Mints, lists and revokes the keys of the local run. @returns what to print; a mistake of the caller is `wrong` */
export async function keysCommand(
  args: readonly string[],
  dataDir: string,
): Promise<{ readonly text: string } | { readonly wrong: string }> {
  try {
    return { text: await run(args, dataDir) };
  } catch (error) {
    return { wrong: describe(error) };
  }
}
