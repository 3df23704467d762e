import type { Service } from '@paidan/contracts';
import { table } from '@paidan/local';
import { Misuse } from '@paidan/local/call';
import { setTimeout as delay } from 'node:timers/promises';
import type { Order } from '../options.js';
import type { Outcome } from '../outcome.js';
import type { Restored } from '../restoration/answers.js';
import { ask, Unreachable } from '../system/ask.js';
import { serviceOf } from '../system/ask-all.js';
import type { System } from '../system/find-system.js';
import type { ServiceAt } from '../system/services-file.js';

interface Told {
  readonly retelling: string;
  readonly tickets: number;
  readonly events: number;
  readonly endedAt?: string;
  readonly failure?: string;
  readonly retold?: object;
}

const LOOK_EVERY_MS = 500;
/** A service may be started again while it learns; it goes on where it was. */
const AWAY_MS = 120_000;
/** Who keeps the story, and tells it. */
const TELLER: Service = 'feedback';

/**
 * Fills the empty schema of a service whose log no longer has the first tickets: feedback tells every ticket's story again, the service folds it, and goes on
 * with the log. Ends when the service takes commands again; what was begun goes on without it, and repeated it waits for that.
 * @throws Refused, Unreachable with what a service answered, or that it didn't; Misuse for the service that keeps the story
 */
export async function fill(system: System, { service: name }: Extract<Order, { do: 'fill' }>): Promise<Outcome> {
  if (name === TELLER)
    throw new Misuse(`${TELLER} keeps the story itself: nobody can tell it again to it. Restore its schema from a back-up`);
  const token = await system.token();
  const service = serviceOf(system, name);
  const restoration = (): Promise<Restored> => ask<Restored>(service, '/v1/operations/restoration', token);
  const begun = await restoration();
  if (!begun.emptied) return { text: `${name} waits for nothing: its schema is not empty`, json: { service: name }, ok: false };
  const told = begun.wantsHistory ? await tellAgain(serviceOf(system, TELLER), token) : undefined;
  if (told !== undefined) {
    if (told.retold === undefined)
      return { text: `the story could not be told again: ${told.failure ?? 'no reason given'}`, json: { service: name, told }, ok: false };
    await ask<Restored>(service, '/v1/operations/restoration/history', token, told.retold);
  }
  const filled = await untilFilled(restoration);
  const row = {
    service: name,
    ...(told === undefined ? {} : { 'tickets told again': String(told.tickets), events: String(told.events) }),
    'own words recalled': String(filled.recalled),
    'not folded': String(filled.unfolded),
    'said anew': String(filled.saidAnew),
    'notices not repeated': String(filled.noticesNotRepeated),
  };
  const text = [table([row]), '', `${name} takes commands again, in epoch ${filled.epoch}`].join('\n');
  return { text, json: { service: name, ...(told && { told }), filled }, ok: filled.unfolded === 0 };
}

async function tellAgain(teller: ServiceAt, token: string): Promise<Told> {
  const path = '/v1/operations/retellings';
  let told = await ask<Told>(teller, path, token, {});
  for (; told.endedAt === undefined; await delay(LOOK_EVERY_MS)) told = await ask<Told>(teller, `${path}/${told.retelling}`, token);
  return told;
}

async function untilFilled(restoration: () => Promise<Restored>): Promise<Restored> {
  for (let seenAt = Date.now(); ; await delay(LOOK_EVERY_MS)) {
    const found = await restoration().catch((error: unknown) => {
      if (!(error instanceof Unreachable) || Date.now() - seenAt > AWAY_MS) throw error;
    });
    if (found !== undefined) seenAt = Date.now();
    if (found?.endedAt !== undefined) return found;
  }
}
