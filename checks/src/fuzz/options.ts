import { SERVICES, type Service } from '@paidan/contracts';
import { Misuse, optionsOf, wholeNumber } from '@paidan/local/call';

export const usage = `npm run fuzz -- [--seconds 300] [--service NAME] [--seed 20261122] [--keep] [--json]
  Starts the system on a data folder of its own and lets Schemathesis loose on the OpenAPI of each service, or of one, for so many seconds each. It fails if
  anything was answered that the document doesn't say, and if an operation never succeeded. --keep leaves the folder with each request and answer.
`;

export interface FuzzOptions {
  /** For each service. */
  readonly seconds: number;
  readonly services: readonly Service[];
  readonly seed: number;
  readonly keep: boolean;
  readonly json: boolean;
}

/** @returns undefined when help was asked for */
export function readOptions(args: readonly string[]): FuzzOptions | undefined {
  const { help, seconds, service, seed, keep, json } = parsed(args);
  if (help) return undefined;
  const services = SERVICES.filter((name) => service === undefined || name === service);
  if (services.length === 0) throw new Misuse(`--service: there is no ${service}; there are ${SERVICES.join(', ')}`);
  return {
    seconds: wholeNumber('--seconds', seconds, 1, 86_400),
    services,
    seed: wholeNumber('--seed', seed, 0, Number.MAX_SAFE_INTEGER),
    keep,
    json,
  };
}

const parsed = (args: readonly string[]) =>
  optionsOf(args, {
    seconds: { type: 'string', default: '300' },
    service: { type: 'string' },
    seed: { type: 'string', default: '20261122' },
    keep: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  });
