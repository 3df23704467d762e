import type { Service } from '@paidan/contracts';
import { isUuid } from '@paidan/kernel';
import { Misuse } from '@paidan/local/call';
import type { WaitingRecords } from '../parked/answers.js';
import { ask, Refused, Unreachable } from '../system/ask.js';
import { serviceOf } from '../system/ask-all.js';
import type { System } from '../system/find-system.js';
import type { ServiceAt } from '../system/services-file.js';
import type { Clocks, Gathered, Registration, Routing, Standing, Trail, WorkItem } from './answers.js';

/** @param ticket its id or its number */
const trailOf = (ticket: string): string => `/v1/tickets/${ticket}/trail`;

/** The id of a ticket that may be named by its number, which feedback knows once it has heard of the registration. @throws Unreachable, Refused */
export async function ticketIdOf(system: System, ticket: string): Promise<string> {
  if (isUuid(ticket)) return ticket;
  return (await ask<Trail>(serviceOf(system, 'feedback'), trailOf(ticket), await system.token())).ticketId;
}

/** A service that has not heard of the ticket. */
const UNHEARD = new Set(['unknown-ticket', 'unheard-ticket', 'nothing-parked']);

/**
 * Asks all services about a ticket. One that doesn't answer, or refuses, leaves the others' part of the story.
 * @throws Unreachable where none answers; Misuse where none has heard of it
 */
export async function gather(system: System, ticketId: string): Promise<Gathered> {
  const token = await system.token();
  const missing: string[] = [];
  let answered = 0;
  const question = async <T>(service: ServiceAt, path: string): Promise<T | undefined> => {
    try {
      const answer = await ask<T>(service, path, token);
      answered += 1;
      return answer;
    } catch (error) {
      if (!(error instanceof Refused || error instanceof Unreachable)) throw error;
      if (error instanceof Refused) answered += 1;
      if (!(error instanceof Refused && UNHEARD.has(error.code))) missing.push(error.message);
      return undefined;
    }
  };
  const of = async <T>(name: Service, path: string): Promise<T | undefined> => {
    const service = system.services.find((one) => one.name === name);
    return service && question<T>(service, path);
  };

  const [registration, routing, workItem, clocks, trail, standings, waiting] = await Promise.all([
    of<Registration & { readonly content?: object }>('intake', `/v1/tickets/${ticketId}`),
    of<Routing>('dispatch', `/v1/tickets/${ticketId}/routing`),
    of<WorkItem>('department-handler', `/v1/operations/work-items/${ticketId}`),
    of<Clocks>('sla-monitor', `/v1/tickets/${ticketId}/clock`),
    of<Trail>('feedback', trailOf(ticketId)),
    byService(system, (service) => question<Standing>(service, `/v1/operations/tickets/${ticketId}`)),
    byService(system, (service) => question<WaitingRecords>(service, `/v1/operations/parked/${ticketId}`)),
  ]);
  if (answered === 0) throw new Unreachable([...new Set(missing)].join('\n'));
  if (Object.keys(standings).length === 0 && missing.length === 0) throw new Misuse(`no service has heard of ticket ${ticketId}`);
  // A token that is a dispatcher's as well would be shown the citizen's words; nobody asked for them here.
  const { content: _content, ...registered } = registration ?? {};
  const known = { registration: registration && registered, routing, workItem, clocks, trail };
  return {
    ticketId,
    ...(Object.fromEntries(Object.entries(known).filter(([, part]) => part !== undefined)) as Partial<Gathered>),
    standings,
    waiting,
    missing: [...new Set(missing)],
  };
}

async function byService<T>({ services }: System, question: (service: ServiceAt) => Promise<T | undefined>): Promise<Record<string, T>> {
  const answers = await Promise.all(services.map(async (service) => [service.name, await question(service)] as const));
  return Object.fromEntries(answers.filter((answer): answer is [string, Awaited<T>] => answer[1] !== undefined));
}
