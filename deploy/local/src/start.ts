import { relative } from 'node:path';
import { describe, InfraError } from './errors.js';
import { reset } from './reset.js';
import { defaultDataDir } from './settings.js';
import { type RunningSystem, startSystem } from './system.js';

const say = (line: string): void => void process.stderr.write(`  ${line}\n`);

/** `npm start`: runs until it is told to stop. */
export async function start(): Promise<void> {
  const began = performance.now();
  let stopping: Promise<void> | undefined;
  let asked: NodeJS.Signals | undefined;
  const starting = startSystem({ onProgress: say });

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (asked !== undefined) {
        // The watchdogs end what is left.
        say('told twice: leaving at once');
        process.exit(130);
      }
      asked = signal;
      say('stopping: services, then Kafka, then Postgres');
      stopping ??= starting.then(
        (system) => system.stop(),
        () => undefined,
      );
    });
  }

  const system = await starting;
  if (asked === undefined) {
    system.onFailure((what, reason, log) => say(`${what} ended by itself (${reason}); the rest goes on. The end of its log:\n${log}`));
    console.log(await greeting(system, (performance.now() - began) / 1000));
    await untilAsked(() => asked !== undefined);
  }
  await stopping;
  say('stopped; the data stays for the next start');
}

/** Our children don't keep the event loop alive, so that a forgotten one can't hang a test run; here we want to wait. */
async function untilAsked(asked: () => boolean): Promise<void> {
  while (!asked()) await new Promise((resolve) => setTimeout(resolve, 200));
}

/** What a person needs first: addresses, and something to try. */
export async function greeting({ services, infra, keys, city, dataDir }: RunningSystem, seconds: number): Promise<string> {
  const pick = (ids: readonly string[], wanted: string): string => (ids.includes(wanted) ? wanted : (ids[0] ?? wanted));
  const channel = pick(city.channels, 'web-portal');
  const unit = pick(city.units, 'city-urban-management');
  const [key, dispatcher, officer] = await Promise.all([
    keys.localApiKey(channel),
    keys.mintToken({ sub: 'dispatcher-1', roles: ['dispatcher', 'supervisor', 'operator'] }),
    keys.mintToken({ sub: 'officer-1', roles: ['officer', 'approver'], unit }),
  ]);
  const urlOf = (name: string): string => services.find((service) => service.name === name)?.url ?? '';
  const example = {
    externalId: 'try-1',
    appealType: 'complaint',
    title: '路灯不亮',
    text: '锦澜区澜桥街道人民路口的路灯坏了三天，晚上看不清路。',
  };
  const width = Math.max(...services.map(({ name }) => name.length)) + 2;
  return `
Paidan runs, after ${seconds.toFixed(1)} s. Ctrl-C stops it; the data stays in ${relative(process.cwd(), dataDir) || '.'}/ until npm run reset.

${services.map(({ name, url }) => `  ${name.padEnd(width)}${url}  (to try it: ${url}/docs)`).join('\n')}
  ${'Postgres'.padEnd(width)}${new URL(infra.postgresUrl).host}  (${infra.kind.postgres})
  ${'Kafka'.padEnd(width)}${infra.brokers.join(', ')}  (${infra.kind.kafka})
  ${'logs'.padEnd(width)}${relative(process.cwd(), dataDir)}/logs/

A citizen's message, as the channel ${channel} hands it in:

  curl -sS ${urlOf('intake')}/v1/submissions -H 'content-type: application/json' \\
    -H 'x-api-key: ${key}' \\
    -d '${JSON.stringify(example)}'

Tokens for eight hours (more with npx paidan keys):

  a dispatcher: ${dispatcher.token}

  an officer of ${unit}: ${officer.token}
`;
}

/** The command line of start.mjs. @returns the exit code */
export async function main(args: readonly string[]): Promise<number> {
  try {
    if (args.includes('--reset')) {
      await reset(defaultDataDir());
      console.log('The local data is gone: databases, log, keys. The next npm start begins anew.');
    } else {
      await start();
    }
    return 0;
  } catch (error) {
    // A named error is written for a person; of anything else the stack is what helps.
    console.error(error instanceof InfraError ? `\n${error.message}` : error instanceof Error ? error.stack : describe(error));
    return 1;
  }
}
