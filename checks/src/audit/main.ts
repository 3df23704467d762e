import { findSystem } from '@paidan/local';
import { audit } from './audit.js';
import { ledgersOf } from './ledgers.js';
import { reportOf } from './report.js';

const usage = `usage: npm run audit

Compares, for each ticket, how much every service has said with what feedback keeps of it. Ends with 0 when nothing is missing, with 1 and a table
otherwise. Without more it looks at the system that npm start runs; at another one with

  PAIDAN_AUDIT_URLS   intake=http://…,dispatch=http://…,… all services by name
  PAIDAN_AUDIT_TOKEN  bearer token of somebody with the role operator
`;

/** Services and a token: the environment's, or those of the system on this machine. */
async function target(env: NodeJS.ProcessEnv): Promise<{ urls: Readonly<Record<string, string>>; token: string } | undefined> {
  const { PAIDAN_AUDIT_URLS: named = '', PAIDAN_AUDIT_TOKEN: token = '' } = env;
  if (named !== '') {
    const urls = named.split(',').map((pair): [string, string] => {
      const at = pair.indexOf('=');
      return [
        pair.slice(0, at).trim(),
        pair
          .slice(at + 1)
          .trim()
          .replace(/\/$/, ''),
      ];
    });
    return { urls: Object.fromEntries(urls), token };
  }
  const system = await findSystem();
  return system && { urls: system.urls, token: await system.keys.token({ sub: 'audit', roles: ['operator'] }) };
}

/** @returns the exit code */
async function main(args: readonly string[]): Promise<number> {
  if (args.length > 0) {
    process.stdout.write(usage);
    return args.includes('--help') ? 0 : 2;
  }
  const found = await target(process.env);
  if (found === undefined) {
    process.stderr.write(`No system runs here; npm start starts one.\n\n${usage}`);
    return 2;
  }
  const { look, differences } = await audit(ledgersOf(found.urls, found.token));
  process.stdout.write(`${reportOf(look, differences)}\n`);
  return differences.length === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 2;
});
