import { setTimeout as delay } from 'node:timers/promises';
import type { SimulateOrder } from '../options.js';
import type { Outcome } from '../outcome.js';
import { ask } from '../system/ask.js';
import { serviceOf } from '../system/ask-all.js';
import type { System } from '../system/find-system.js';
import type { Begun, Simulation } from './answers.js';
import { readDraft } from './read-draft.js';
import { showSimulation } from './show-simulation.js';

const LOOK_EVERY_MS = 500;
const TELL_EVERY_MS = 5_000;
const PATH = '/v1/simulations';

/**
 * Has dispatch try a draft on its newest tickets, and waits for what comes of it. Interrupted here, it goes on there.
 * @throws Refused, Unreachable with what dispatch answered, or that it didn't; Misuse for a file that can't be read
 */
export async function simulate(system: System, order: SimulateOrder, say: (line: string) => void): Promise<Outcome> {
  const asked = await readDraft(order);
  const dispatch = serviceOf(system, 'dispatch');
  // A token of our own is for minutes; a simulation may have to wait for a machine that has other work.
  const token = (): Promise<string> => system.token('supervisor');
  const { id } = await ask<Begun>(dispatch, PATH, await token(), asked);
  const look = async (): Promise<Simulation> => ask<Simulation>(dispatch, `${PATH}/${id}`, await token());
  let [found, toldAt] = [await look(), Date.now()];
  for (; found.state === 'running'; found = await look()) {
    if (Date.now() - toldAt >= TELL_EVERY_MS) {
      say(`${found.done} of up to ${found.last} tickets`);
      toldAt = Date.now();
    }
    await delay(LOOK_EVERY_MS);
  }
  return { text: showSimulation(found, order.lang), json: found, ok: found.state === 'done' };
}
