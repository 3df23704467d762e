import { SERVICES, type Service } from '@paidan/contracts';
import { copySchema, type RunningSystem, urlOf, withClient } from '@paidan/local';
import { setTimeout as delay } from 'node:timers/promises';
import { schemaOf } from '../books/read-schemas.js';
import type { Plant } from '../faults/plant.js';
import { type Filled, makeAnew } from './make-anew.js';

/** Real milliseconds that the city works on between a back-up and the loss of the schema, and after it. */
const GOES_ON = 15_000;
/** And before the first back-up, so that there is something in it. */
export const WARM_UP = 15_000;

/** What a service's schema came to that was put back to an earlier state. */
export interface RestoredService {
  readonly service: Service;
  /** Said by whoever restored it; else it was to be found out. */
  readonly told: boolean;
  /** Real seconds from its start until it was ready again. */
  readonly seconds: number;
  readonly recalled: number;
  readonly unfolded: number;
  readonly saidAnew: number;
  readonly noticesNotRepeated: number;
  readonly commandsPassedOver: number;
  readonly lost: readonly { readonly what: string; readonly count: number; readonly tickets: readonly string[] }[];
}

/** Whose story feedback can tell again: all but its own. */
const FILLED = SERVICES.filter((service) => service !== 'feedback');

export interface Restored {
  readonly services: readonly RestoredService[];
  /** Absent where it was stopped before. */
  readonly anew?: Filled;
}

/**
 * Each schema in turn is put back to what it was a while ago, and in the end one, by the seed, to nothing, with the city working all the time.
 */
export async function restore(
  plant: Plant,
  system: RunningSystem,
  seed: number,
  stop: AbortSignal,
  say: (line: string) => void,
): Promise<Restored> {
  const url = urlOf(system.postgresUrl, 'paidan');
  const wait = (ms: number): Promise<unknown> => delay(ms, undefined, { signal: stop }).catch(() => undefined);
  const token = await system.keys.token({ sub: 'chaos-operator', roles: ['operator'] });
  const services: RestoredService[] = [];
  await wait(WARM_UP);
  for (const [i, service] of SERVICES.entries()) {
    if (stop.aborted) break;
    const told = i % 2 === 0;
    const schema = schemaOf(service);
    const backUp = await copySchema(url, schema);
    say(`${service}: backed up; the city goes on`);
    await wait(GOES_ON);
    const seconds = await plant.replace(service, async () => {
      await backUp.restore();
      if (told) await withClient(url, (client) => client.query(`select ${schema}.schema_restored()`));
    });
    const answer = await fetch(`${plant.urlOf(service)}/v1/operations/restoration`, { headers: { authorization: `Bearer ${token}` } });
    if (!answer.ok) throw new Error(`${service} was restored and has not noticed: ${answer.status} ${await answer.text()}`);
    const { recalled, unfolded, saidAnew, noticesNotRepeated, commandsPassedOver, lost } = (await answer.json()) as RestoredService;
    services.push({ service, told, seconds, recalled, unfolded, saidAnew, noticesNotRepeated, commandsPassedOver, lost });
    say(`${service}: took commands again after ${seconds.toFixed(1)} s, ${recalled} own words recalled, ${saidAnew} said anew`);
  }
  await wait(GOES_ON);
  const emptied = FILLED[seed % FILLED.length];
  if (stop.aborted || emptied === undefined) return { services };
  const anew = await makeAnew(plant, system, emptied, say);
  await wait(GOES_ON);
  return { services, anew };
}

/** The restorations for people. */
export const restoreTable = (restored: readonly RestoredService[]): readonly string[] => [
  '  restored from a back-up taken earlier under load:',
  ...restored.map(({ service, told, seconds, recalled, unfolded, saidAnew, noticesNotRepeated, commandsPassedOver, lost }) => {
    const gone = lost.map(({ what, count }) => `${what} of ${count} tickets`);
    const answers = commandsPassedOver > 0 ? [`the answers to ${commandsPassedOver} commands`] : [];
    return [
      `    ${service.padEnd(19)} ${told ? 'told' : 'found out'}; ready again after ${seconds.toFixed(1)} s; ${recalled} own words recalled`,
      `, ${unfolded} not; ${saidAnew} said anew; ${noticesNotRepeated} notices not repeated; lost: ${[...gone, ...answers].join(', ') || 'nothing'}`,
    ].join('');
  }),
];
