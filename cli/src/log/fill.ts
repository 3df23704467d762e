import type { Service } from '@paidan/contracts';
import { table } from '@paidan/local';
import { Misuse } from '@paidan/local/call';
import { setTimeout as delay } from 'node:timers/promises';
import type { Order } from '../options.js';
import type { Outcome } from '../outcome.js';
import type { Restored } from '../restoration/answers.js';
import { ask } from '../system/ask.js';
import { serviceOf } from '../system/ask-all.js';
import type { System } from '../system/find-system.js';

interface Told {
  readonly retelling: string;
  readonly tickets: number;
  readonly events: number;
  readonly endedAt?: string;
  readonly failure?: string;
  readonly retold?: object;
}

const LOOK_EVERY_MS = 500;
/** Who keeps the story, and tells it. */
const TELLER: Service = 'feedback';

/**
 * Fills the empty schema of a service whose log no longer has the first tickets: feedback tells every ticket's story again, the service folds it, and goes on
 * with the log. Ends when the service takes commands again; what was begun goes on without it.
 * @throws Refused, Unreachable with what a service answered, or that it didn't; Misuse for the service that keeps the story
 */
export async function fill(system: System, { service: name }: Extract<Order, { do: 'fill' }>): Promise<Outcome> {
  if (name === TELLER)
    throw new Misuse(`${TELLER} keeps the story itself: nobody can tell it again to it. Restore its schema from a back-up`);
  const token = await system.token();
  const [service, teller] = [serviceOf(system, name), serviceOf(system, TELLER)];
  const restoration = (): Promise<Restored> => ask<Restored>(service, '/v1/operations/restoration', token);
  const { emptied, endedAt } = await restoration();
  if (!emptied || endedAt !== undefined)
    return { text: `${name} waits for nothing: its schema is not empty`, json: { service: name }, ok: false };

  const retellings = '/v1/operations/retellings';
  let told = await ask<Told>(teller, retellings, token, {});
  for (; told.endedAt === undefined; await delay(LOOK_EVERY_MS)) told = await ask<Told>(teller, `${retellings}/${told.retelling}`, token);
  if (told.retold === undefined)
    return { text: `the story could not be told again: ${told.failure ?? 'no reason given'}`, json: { service: name, told }, ok: false };

  let filled = await ask<Restored>(service, '/v1/operations/restoration/history', token, told.retold);
  for (; filled.endedAt === undefined; await delay(LOOK_EVERY_MS)) filled = await restoration();
  const row = {
    service: name,
    'tickets told again': String(told.tickets),
    events: String(told.events),
    'own words recalled': String(filled.recalled),
    'not folded': String(filled.unfolded),
    'said anew': String(filled.saidAnew),
    'notices not repeated': String(filled.noticesNotRepeated),
  };
  return {
    text: [table([row]), '', `${name} takes commands again, in epoch ${filled.epoch}`].join('\n'),
    json: { told, filled },
    ok: filled.unfolded === 0,
  };
}
