import { statusOf, type Instance } from './read-status.js';
import { showStatus } from './show-status.js';

const lagOf = (topic: string, partition: number, records: number, seconds: number): string =>
  `paidan_lag_records{topic="${topic}",partition="${partition}",group="g"} ${records}\npaidan_lag_seconds{topic="${topic}",partition="${partition}"} ${seconds}`;
const metrics = ({
  parked = 0,
  quarantined = 0,
  restoring = 0,
  depth = 0,
  age = 0,
} = {}): string => `# HELP paidan_epoch the "epoch" {of} it
# TYPE paidan_epoch gauge
paidan_epoch 2
paidan_parked_tickets ${parked}
paidan_set_aside 0
paidan_quarantined ${quarantined}
paidan_restoring ${restoring}
paidan_outbox_depth ${depth}
paidan_outbox_age_seconds ${age}
paidan_notice_depth 0
paidan_notice_age_seconds 0
process_start_time_seconds 1.79e+9`;
const instance = (change: Partial<Instance> = {}): Instance => ({ health: 'ok', why: [], metrics: metrics(), ...change });
const gone: Instance = { health: 'unreachable', why: ['http://x does not answer: ECONNREFUSED'], metrics: '' };

describe('the lag of a service', () => {
  const lag = (...lines: string[]) => statusOf('feedback', [instance({ metrics: lines.join('\n') })]).lag;

  it('is counted by kind of topic over all partitions and units; its age is that of the oldest', () => {
    expect(
      lag(
        lagOf('paidan.tickets', 0, 4, 1.5),
        lagOf('paidan.tickets', 1, 3, 7),
        lagOf('paidan.commands.city-water', 0, 1, 2),
        lagOf('paidan.commands.city-housing', 0, 2, 1),
        lagOf('elsewhere', 0, 5, 1),
      ),
    ).toEqual([
      { consumer: 'commands', records: 3, seconds: 2 },
      { consumer: 'elsewhere', records: 5, seconds: 1 },
      { consumer: 'tickets', records: 7, seconds: 7 },
    ]);
  });

  it('has no age where one of the partitions has none', () => {
    const topic = 'paidan.tickets';
    expect(lag(`paidan_lag_records{topic="${topic}",partition="1"} 2`, lagOf(topic, 0, 1, 9))).toEqual([
      { consumer: 'tickets', records: 3, seconds: null },
    ]);
  });
});

describe('several instances of a service', () => {
  const lines = [lagOf('paidan.tickets', 0, 4, 1), lagOf('paidan.tickets', 1, 6, 2)];

  it('count once what each of them tells', () => {
    const told = ([line = '']: string[], parked: number) => instance({ metrics: `${metrics({ parked, depth: 9, age: 4 })}\n${line}` });
    expect(statusOf('dispatch', [told(lines.slice(0, 1), 2), told(lines.slice(1), 2)])).toMatchObject({
      parked: 2,
      outbox: { depth: 9, ageSeconds: 4 },
      lag: [{ records: 10, seconds: 2 }],
    });
  });

  it.each([
    [['ok', 'unreachable'], 'degraded'],
    [['degraded', 'dead'], 'degraded'],
    [['not-ready', 'unreachable'], 'unreachable'],
    [['ok', 'ok'], 'ok'],
  ] as const)('%j are together %s', (each, health) => {
    expect(
      statusOf(
        'intake',
        each.map((one) => instance({ health: one })),
      ).health,
    ).toBe(health);
  });
});

it('a service that does not answer says nothing, and not that all is well', () => {
  const statuses = [statusOf('intake', [instance()]), statusOf('feedback', [gone])];
  expect(statuses[1]).toMatchObject({ epoch: null, restoring: null, outbox: null, parked: null, lag: [] });
  const [head = '', intake = '', feedback = '', ...rest] = showStatus(statuses).split('\n');
  expect(head.split(/ {2,}/)).toEqual([
    'service',
    'health',
    'epoch',
    'records behind',
    'outbox',
    'notices',
    'parked',
    'set aside',
    'quarantined',
    'trail gaps',
  ]);
  expect(intake.split(/ {2,}/)).toEqual(['intake', 'ok', '2', '–', '0', '0', '0', '0', '0', '–']);
  expect(feedback.split(/ {2,}/)).toEqual(['feedback', 'unreachable', '–', '–', '–', '–', '–', '–', '–', '–']);
  expect(rest).toEqual(['', 'feedback: http://x does not answer: ECONNREFUSED']);
});

it('what is not well is told in words, with what to look at next', () => {
  const status = statusOf('dispatch', [
    instance({ health: 'degraded', why: ['outbox: no broker answers'], metrics: metrics({ parked: 2, depth: 40, age: 185 }) }),
  ]);
  const shown = showStatus([status]);
  expect(shown).toContain('40 (3 min)');
  expect(shown.split('\n').slice(3)).toEqual([
    'dispatch: outbox: no broker answers',
    'dispatch: 2 tickets parked: paidan parked list --service dispatch',
  ]);
});

it('a service that is being restored says so, and where to look', () => {
  const why = ['schema: restoring: 12 own words folded, since 2026-11-22T01:00:00.000Z'];
  const status = statusOf('dispatch', [instance({ health: 'not-ready', why, metrics: metrics({ restoring: 1 }) })]);
  expect(status.restoring).toBe(true);
  const [, row = '', ...rest] = showStatus([status]).split('\n');
  expect(row).toMatch(/^dispatch {2}not-ready, restoring {2}2 /);
  expect(rest).toEqual(['', `dispatch: ${why[0]}`, 'dispatch: takes nothing until it is restored: paidan restoration --service dispatch']);
});

it('gaps in the trail are not well either, and are told', () => {
  const shown = showStatus([statusOf('feedback', [instance({ metrics: `${metrics()}\npaidan_trail_gaps_open 1` })])]);
  expect(shown).toMatch(/\n\nfeedback: 1 gap in the trail/);
});
