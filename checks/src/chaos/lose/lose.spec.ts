import { SERVICES } from '@paidan/contracts';
import { behindOf, type Loss } from './lose.js';
import { isWell, namesLoss, type Readiness } from './readiness.js';
import { lossTable } from './table.js';
import { unreadOf } from './unread.js';
import { judgeLoss } from './verdict.js';

const readiness = (status: string, detail?: string): Readiness => ({
  status,
  sources: { database: { ok: true }, log: detail === undefined ? { ok: true } : { ok: false, detail } },
});

it('a service names the loss by its code, and neither by silence nor by another trouble', () => {
  expect(namesLoss(readiness('degraded', 'paidan.tickets/3 and 11 more halted: cluster-changed: the position was kept'))).toBe(true);
  expect(namesLoss(readiness('degraded', 'log unreachable, since 2026-03-02T01:00:00Z: messages wait in the outbox'))).toBe(false);
  expect(namesLoss(readiness('ok'))).toBe(false);
  expect([readiness('ok'), readiness('degraded', 'x'), readiness('not-ready', 'y')].map(isWell)).toEqual([true, false, false]);
});

it('somebody is behind, and who it is follows from the seed', () => {
  const chosen = Array.from({ length: 200 }, (_, seed) => behindOf(seed));
  expect(chosen).toEqual(Array.from({ length: 200 }, (_, seed) => behindOf(seed)));
  expect(Math.min(...chosen.map(({ length }) => length))).toBe(1);
  expect(new Set(chosen.flat())).toEqual(new Set(SERVICES));
});

const nowhere = new Map<string, number>();
const unread = unreadOf(
  {
    intake: new Map([['paidan.submissions.upstream-province/0', 5]]),
    dispatch: new Map([
      ['paidan.tickets/0', 7],
      ['paidan.tickets/1', 3],
    ]),
    'department-handler': new Map([
      ['paidan.tickets/0', 10],
      ['paidan.commands.city-parks/0', 1],
      ['paidan.directory/0', 2],
    ]),
    'sla-monitor': nowhere,
    feedback: nowhere,
  },
  new Map([
    ['paidan.tickets/0', 10],
    ['paidan.tickets/1', 4],
    ['paidan.submissions.upstream-province/0', 7],
    ['paidan.commands.city-parks/0', 4],
    ['paidan.directory/0', 2],
    ['paidan.receipts.web-portal/0', 9],
  ]),
);

it('what was unread is counted by what it was, and events by who had not read them', () => {
  expect(unread).toEqual({ submissions: 2, commands: 3, directory: 0, tickets: { dispatch: 4, 'department-handler': 0 } });
});

const each = (seconds: number) => Object.fromEntries(SERVICES.map((service) => [service, seconds]));
const loss: Loss = {
  behind: ['sla-monitor', 'feedback'],
  ...{ replaced: 9.4, named: each(12.3), republishBegan: 17.5, republished: 26, failures: [], well: each(31) },
  services: SERVICES.map((service) => ({ service, topics: service === 'intake' ? [] : ['paidan.tickets'], events: 120, notices: 30 })),
};

it('a loss that was got over violates nothing', () => {
  expect(judgeLoss(loss)).toEqual([]);
  // Repeated, as is allowed.
  expect(judgeLoss({ ...loss, failures: ['ended with 1: dispatch'] })).toEqual([]);
});

it('a service that had nothing to say again has shown nothing', () => {
  const services = loss.services.map((one) => (one.service === 'feedback' ? { ...one, events: 0 } : one));
  expect(judgeLoss({ ...loss, services })).toEqual([
    { rule: 'nothing-said', evidence: 'feedback had no event to say again: the run has not shown that it can' },
  ]);
});

it('whoever never named it, said nothing again, or stayed unwell is named', () => {
  const { feedback: _, ...others } = each(12.3);
  const failed = { services: loss.services.slice(1), failures: ['ended with 1: dispatch: log-not-held'] };
  expect(judgeLoss({ ...loss, named: others, well: {}, ...failed })).toEqual([
    { rule: 'unnamed', evidence: 'feedback never said cluster-changed' },
    { rule: 'not-republished', evidence: 'intake: ended with 1: dispatch: log-not-held' },
    ...SERVICES.map((service) => ({ rule: 'unwell', evidence: `${service} was not well again after all was said again` })),
  ]);
});

it('the table tells when, what and of whom', () => {
  const { feedback: _, ...named } = each(12.3);
  const [lost, left, command, head, ...rows] = lossTable({ ...loss, named, unread });
  expect(lost).toBe('  Kafka was lost, while sla-monitor, feedback stood still; another one with its topics after 9.4 s');
  expect(left).toBe('  unread in the lost log: 2 submissions, 3 commands, 0 of the directory; events: dispatch 4, department-handler 0');
  expect(command).toBe('  paidan republish from 17.5 s to 26.0 s');
  expect(head?.trim().split(/\s{2,}/)).toEqual([
    'service',
    'named it after',
    'positions put anew',
    'events said again',
    'notices said again',
    'well again after',
  ]);
  expect(rows.map((row) => row.trim().split(/\s{2,}/))).toEqual([
    ['intake', '12.3 s', '0', '120', '30', '31.0 s'],
    ...['dispatch', 'department-handler', 'sla-monitor'].map((service) => [service, '12.3 s', '1', '120', '30', '31.0 s']),
    ['feedback', 'never', '1', '120', '30', '31.0 s'],
  ]);
});
