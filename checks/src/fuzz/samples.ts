import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UNIT, type Caller } from './caller.js';
import type { Sample, Samples } from './run.js';
import type { Ticket, Tickets } from './tickets.js';

/** What each operation is aimed at; an operation that isn't here is reached by chance. */
export async function samplesFor(tickets: Tickets, retelling: string, caller: Caller, cityDir: string): Promise<Samples> {
  const { quarantined, ...byState } = tickets;
  const all = Object.values(byState).flat();
  const ids = all.map(({ ticketId }): Sample => ({ path: { ticketId } }));
  const answered = [...tickets.answered, ...tickets.delivered];
  const proof = ({ number, queryCode }: Ticket) => ({ number, queryCode });
  return {
    ...operations(tickets, ids),
    'POST /v1/operations/parked/{ticketId}/discard': await discards(tickets, caller),
    'GET /v1/operations/retellings/{retelling}': [{ path: { retelling } }],
    'POST /v1/operations/gaps/{gap}/settlement': await gapsFound(caller),
    'GET /v1/tickets/{ticketId}': ids,
    'GET /v1/tickets/{ticketId}/contact': ids.map(({ path = {} }) => ({ path, query: { purpose: 'follow-up' } })),
    'GET /v1/tickets/{ticketId}/routing': ids,
    'POST /v1/tickets/{ticketId}/assignment': tickets.held.map((ticket) => order(ticket, {})),
    'POST /v1/tickets/{ticketId}/reassignment': tickets.movable.map((ticket) => order(ticket, { assignment: 1 })),
    ...workItems(tickets, ids),
    'GET /v1/tickets/{ticketId}/clock': ids,
    'POST /v1/tickets/{ticketId}/clock/recomputation': ids.map(({ path = {} }) => ({ path, body: { commandId: '$uuid' } })),
    ...(await calendars(cityDir)),
    'GET /v1/accountability': [{ query: { unit: UNIT } }],
    'GET /v1/tickets/{ticket}/trail': all.flatMap(({ ticketId, number }) => [{ path: { ticket: ticketId } }, { path: { ticket: number } }]),
    'POST /v1/tickets/{ticketId}/ratings': tickets.delivered.map(({ ticketId }) => ({ path: { ticketId }, body: { round: 1 } })),
    'POST /v1/tracking': all.map((ticket) => ({ body: proof(ticket) })),
    'POST /v1/tracking/ratings': answered.map((ticket) => ({ body: { ...proof(ticket), round: 1 } })),
  };
}

function operations({ parked, quarantined }: Tickets, ids: readonly Sample[]): Samples {
  const waiting = parked.map(({ ticketId }): Sample => ({ path: { ticketId } }));
  return {
    'GET /v1/operations/tickets/{ticketId}': ids,
    'GET /v1/operations/work-items/{ticketId}': ids,
    'GET /v1/operations/parked/{ticketId}': waiting,
    'POST /v1/operations/parked/{ticketId}/replay': waiting,
    'GET /v1/operations/quarantine/{topic}/{partition}/{offset}': quarantined.map((place) => ({ path: { ...place } })),
  };
}

/** Each service has its own number for what waits. */
async function discards({ parked }: Tickets, caller: Caller): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  for (const service of ['dispatch', 'department-handler', 'sla-monitor', 'feedback'])
    for (const { ticketId } of parked) {
      const { records } = (await caller.call(service, 'GET', `/v1/operations/parked/${ticketId}`)) as unknown as Waiting;
      samples.push(...records.map(({ record }) => ({ path: { ticketId }, body: { record } })));
    }
  return samples;
}

interface Waiting {
  readonly records: readonly { readonly record: string }[];
}

async function gapsFound(caller: Caller): Promise<readonly Sample[]> {
  const { gaps } = (await caller.call('feedback', 'GET', '/v1/operations/gaps')) as unknown as { gaps: readonly { gap: string }[] };
  return gaps.map(({ gap }) => ({ path: { gap } }));
}

/** On the first decision, which is the newest of a ticket that nobody has touched; to a unit that doesn't hold it. */
const order = ({ ticketId }: Ticket, more: object): Sample => ({
  path: { ticketId },
  body: { commandId: '$uuid', decisionVersion: 1, unit: 'city-housing', ...more },
  without: ['coHandlers', 'copies', 'matter'],
});

/** Over HTTP ticket and command are in the address, and the officer is the token's. */
function workItems(tickets: Tickets, ids: readonly Sample[]): Samples {
  const given = (of: readonly Ticket[], more: object = {}): Sample[] =>
    of.map(({ ticketId }) => ({
      path: { ticketId },
      body: { commandId: '$uuid', assignment: 1, ...more },
      without: ['officer', 'ticketId', 'until', 'contactedAt'],
    }));
  const at = (what: string): string => `POST /v1/work-items/{ticketId}/${what}`;
  const { offered, signed, suspended, replied, extending } = tickets;
  const third = Math.floor(signed.length / 3);
  return {
    'GET /v1/work-items/{ticketId}': ids,
    [at('signature')]: given(offered),
    [at('return')]: given(offered),
    [at('contact')]: given(signed),
    [at('progress')]: given([...signed, ...suspended]),
    [at('suspension')]: given(signed.slice(0, third)),
    [at('resumption')]: given(suspended),
    [at('extension')]: given(signed.slice(third, 2 * third), { span: { count: 2, unit: 'WD' } }),
    [at('reply')]: given(signed.slice(2 * third)),
    [at('approval')]: given(replied, { round: 1 }),
    [at('send-back')]: given(replied, { round: 1 }),
    [at('extension-decision')]: given(extending, { extension: 1 }),
  };
}

/** The year as the city has it, said again: a calendar of chance would move every deadline. */
async function calendars(cityDir: string): Promise<Samples> {
  const file = JSON.parse(await readFile(join(cityDir, 'holidays', '2026.json'), 'utf8')) as Readonly<Record<string, unknown>>;
  const { $schema: _schema, $id: _id, ...year } = file;
  return {
    'GET /v1/calendars/{year}': [{ path: { year: 2026 } }, { path: { year: 2025 } }],
    'PUT /v1/calendars/{year}': [{ path: { year: 2026 }, body: year, without: ['$schema', '$id'] }],
  };
}
