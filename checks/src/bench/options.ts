import { localPorts, type ServicePlan } from '@paidan/local';
import { Misuse, optionsOf, wholeNumber } from '@paidan/local/call';

export const usage = `npm run bench -- [--seconds N] [--connections N] [--rate N] [--services NAMES] [--no-idle] [--no-tutorial] [--json]

Starts a whole system with data of its own and measures it: idle, at full speed, and at a steady rate; beside raw limits of the machine and, where it lies
beside the checkout, the tutorial build in the same run. Its texts repeat: duplicates are looked for only with PAIDAN_DUPLICATES=link.
(npm run bench -- routing tells what routing costs, npm run bench -- profile where the time goes, npm run bench -- simulate what a simulation takes:
--help after them.)

  --seconds N      each stretch takes (60)
  --connections N  at full speed (128)
  --rate N         tickets a second at the steady rate (50)
  --services LIST  a part of the system, as intake,dispatch,department-handler; intake and dispatch are what is measured
  --no-idle        leaves out the idle stretch
  --no-tutorial    leaves out the tutorial build
  --json           the report as one line of JSON, the last of the output
  --help           this text

Ends with 0 when it has measured; with 2 when the call was wrong.
`;

export interface BenchOptions {
  readonly seconds: number;
  readonly connections: number;
  /** Tickets a second. */
  readonly rate: number;
  /** On free ports. */
  readonly services: readonly ServicePlan[];
  readonly idle: boolean;
  readonly tutorial: boolean;
  readonly json: boolean;
}

/** @returns undefined when help was asked for. @throws Misuse */
export function readOptions(args: readonly string[]): BenchOptions | undefined {
  const values = optionsOf(args, {
    seconds: { type: 'string', default: '60' },
    connections: { type: 'string', default: '128' },
    rate: { type: 'string', default: '50' },
    services: { type: 'string' },
    'no-idle': { type: 'boolean', default: false },
    'no-tutorial': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (values.help) return undefined;
  return {
    seconds: wholeNumber('--seconds', values.seconds, 1, 86_400),
    connections: wholeNumber('--connections', values.connections, 1, 10_000),
    rate: wholeNumber('--rate', values.rate, 1, 10_000),
    services: servicesOf(values.services),
    idle: !values['no-idle'],
    tutorial: !values['no-tutorial'],
    json: values.json,
  };
}

function servicesOf(list: string | undefined): readonly ServicePlan[] {
  const all = localPorts().services.map((service) => ({ ...service, port: 0, metricsPort: 0 }));
  if (list === undefined) return all;
  const names = list.split(',').map((name) => name.trim());
  const known = all.map(({ name }) => String(name));
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Misuse(`--services: there is no ${unknown}; there are ${known.join(',')}`);
  for (const needed of ['intake', 'dispatch'])
    if (!names.includes(needed)) throw new Misuse(`--services ${list}: without ${needed} there is nothing to measure`);
  return all.filter(({ name }) => names.includes(name));
}
