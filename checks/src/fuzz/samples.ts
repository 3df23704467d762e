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
  const half = Math.ceil(tickets.returned.length / 2);
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
    'POST /v1/held/assignments': tickets.held.map(manyOf),
    'POST /v1/routing/explanations': [{ body: { appealType: 'help', title: '占道经营', text: '人行道上摆摊，无法通行' } }],
    'POST /v1/tickets/{ticketId}/reassignment': tickets.movable.map((ticket) => order(ticket, { assignment: 1 })),
    'POST /v1/tickets/{ticketId}/claim': tickets.claimable.map(claimOf),
    'POST /v1/tickets/{ticketId}/claim/release': tickets.claimable.map(claimOf),
    'POST /v1/tickets/{ticketId}/link': tickets.linkable.map((ticket) => linkOf(ticket, tickets.masters)),
    'POST /v1/tickets/{ticketId}/unlink': tickets.linked.map(unlinkOf),
    'POST /v1/tickets/{ticketId}/assignment/undo': tickets.undoable.map((ticket) => judgement(ticket, 2)),
    'POST /v1/tickets/{ticketId}/return/acceptance': tickets.returned.slice(0, half).map((ticket) => judgement(ticket)),
    'POST /v1/tickets/{ticketId}/return/refusal': tickets.returned.slice(half).map((ticket) => judgement(ticket)),
    ...workItems(tickets, ids),
    'GET /v1/tickets/{ticketId}/clock': ids,
    'POST /v1/tickets/{ticketId}/clock/recomputation': ids.map(({ path = {} }) => ({ path, body: { commandId: '$uuid' } })),
    ...(await calendars(cityDir)),
    'POST /v1/directory/imports': await imports(cityDir, caller),
    ...(await ruleSets(caller)),
    'GET /v1/responsible': [{ query: { matter: '0702', area: '990104' } }],
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

/** Each service has its own number for what waits. Half of it may be thrown away: the rest is looked at and tried again. */
async function discards({ parked }: Tickets, caller: Caller): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  for (const service of ['dispatch', 'department-handler', 'sla-monitor', 'feedback'])
    for (const { ticketId } of parked.slice(0, Math.ceil(parked.length / 2))) {
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

const judgement = ({ ticketId }: Ticket, decisionVersion = 1): Sample => ({
  path: { ticketId },
  body: { commandId: '$uuid', decisionVersion, assignment: 1 },
});

const manyOf = ({ ticketId }: Ticket): Sample => ({
  body: { tickets: [{ ticketId, commandId: '$uuid', decisionVersion: 1 }], unit: UNIT, reason: '批量派单。' },
});

const claimOf = ({ ticketId }: Ticket): Sample => ({ path: { ticketId }, body: { commandId: '$uuid', decisionVersion: 1 } });

const linkOf = ({ ticketId }: Ticket, masters: readonly Ticket[]): Sample => ({
  path: { ticketId },
  body: { commandId: '$uuid', decisionVersion: 1, master: masters[0]?.ticketId },
});

/** The first decision was to hold it. */
const unlinkOf = ({ ticketId }: Ticket): Sample => ({ path: { ticketId }, body: { commandId: '$uuid', decisionVersion: 2 } });

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
  const half = Math.ceil(offered.length / 2);
  return {
    'GET /v1/work-items/{ticketId}': ids,
    [at('signature')]: given(offered.slice(0, half)),
    [at('return')]: given(offered.slice(half)),
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

/** The rules in force, tried and put in force again: rules of chance would send everything elsewhere. */
async function ruleSets(caller: Caller): Promise<Samples> {
  const { document } = await caller.call('dispatch', 'GET', '/v1/rule-sets/active');
  return {
    'GET /v1/rule-sets/{version}': [{ path: { version: 1 } }],
    'POST /v1/rule-sets': [{ body: { mode: 'check', document }, without: ['expectedVersion'] }],
    'POST /v1/simulations': [{ body: { rules: document, last: 100 }, without: ['version', 'model'] }],
    'GET /v1/simulations/{id}': [{ path: { id: await simulated(document, caller) } }],
    'POST /v1/rule-sets/{version}/publication': [{ path: { version: 1 }, body: { expectedVersion: 1 }, without: ['note'] }],
  };
}

/** One that is over, to be looked at. */
async function simulated(rules: unknown, caller: Caller): Promise<unknown> {
  const { id } = await caller.call('dispatch', 'POST', '/v1/simulations', { rules, last: 100 });
  await caller.until('it is simulated', 'dispatch', `/v1/simulations/${String(id)}`, ({ state }) => state === 'done');
  return id;
}

/** The tables as the city has them, only tried: tables of chance that were sound would leave no unit as it was. */
async function imports(cityDir: string, caller: Caller): Promise<readonly Sample[]> {
  const { version } = (await caller.call('dispatch', 'GET', '/v1/directory')) as unknown as { version: number };
  const tables = ['areas', 'units', 'topics', 'matters', 'words', 'responsibilities', 'mailboxes', 'systems'];
  const files = await Promise.all(
    [...tables.map((table) => `${table}.csv`), 'areas.geojson'].map(
      async (file) => [file, await readFile(join(cityDir, file), 'utf8')] as const,
    ),
  );
  const body = { expectedVersion: version, dryRun: true, files: Object.fromEntries(files) };
  return [{ body, without: ['version'] }];
}
