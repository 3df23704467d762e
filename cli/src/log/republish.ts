import { SERVICES } from '@paidan/contracts';
import { table } from '@paidan/local';
import type { Order } from '../options.js';
import type { Outcome } from '../outcome.js';
import { ask } from '../system/ask.js';
import { serviceOf } from '../system/ask-all.js';
import type { System } from '../system/find-system.js';

interface Taken {
  readonly cluster: string;
  readonly topics: readonly string[];
}
interface SaidAgain {
  readonly events: number;
  readonly notices: number;
}

/**
 * After Kafka, or a topic, was lost and made anew: has every service hold what it says, take the log as it is, and say again what it said. Each step is taken
 * by all before the next; one that fails ends it, and the whole may be repeated.
 * @throws Refused, Unreachable with what a service answered, or that it didn't; Misuse when the system lacks a service
 */
export async function republish(system: System, { since }: Extract<Order, { do: 'republish' }>): Promise<Outcome> {
  const token = await system.token();
  // In the order in which a ticket's story begins: a word finds what it is about.
  const services = SERVICES.map((name) => serviceOf(system, name));
  const log = (step: string): string => `/v1/operations/log/${step}`;
  await Promise.all(services.map((service) => ask<object>(service, log('hold'), token, {})));
  const taken = await Promise.all(services.map((service) => ask<Taken>(service, log('take'), token, {})));
  const said: SaidAgain[] = [];
  for (const service of services) said.push(await ask<SaidAgain>(service, log('republish'), token, { since: since.toISOString() }));
  await ask<object>(serviceOf(system, 'dispatch'), '/v1/directory/republish', token, {});
  const done = services.map(({ name }, i) => ({
    service: name,
    topics: taken[i]?.topics ?? [],
    ...(said[i] ?? { events: 0, notices: 0 }),
  }));
  const rows = done.map(({ topics, events, notices, ...row }) => ({
    ...row,
    'positions put anew': topics.length > 3 ? `${topics.length} topics` : topics.join(', ') || '–',
    'events said again': String(events),
    'notices said again': String(notices),
  }));
  return {
    text: [table(rows), '', `Kafka cluster ${taken[0]?.cluster ?? ''}; the directory is said again as well`].join('\n'),
    json: { cluster: taken[0]?.cluster, since: since.toISOString(), services: done },
    ok: true,
  };
}
