import { decodeCommand, DEPARTMENT_COMMANDS } from '@paidan/contracts';
import {
  commandFor,
  MANNERS,
  mannerOf,
  replyFor,
  RETURN_SHARE,
  SEND_BACK_SHARE,
  stepsAfterKept,
  stepsFor,
  withoutWaiting,
} from './department-conduct.js';
import { DAY } from '../city/time.js';

const seed = 7;
const rows = Array.from({ length: 5_000 }, (_, index) => index + 1);
const offerOf = (row: number) => ({ row, assignment: 1, designated: false });
const commandsFor = (with_: number, row: number) => stepsFor(with_, offerOf(row)).map(({ command }) => command);
const now = Date.parse('2026-03-04T10:00:00+08:00');
const occasion = {
  seed,
  now,
  commandId: '019aa000-0000-7000-8000-000000000001',
  ticketId: '019aa000-0000-7000-8000-000000000002',
  unit: 'city-parks',
  row: 3,
  assignment: 1,
  round: 2,
  steps: [],
};

describe('a department', () => {
  it('does the same for the same seed, and otherwise for another', () => {
    const course = (with_: number) => JSON.stringify(rows.map((row) => stepsFor(with_, offerOf(row))));
    expect(course(seed)).toBe(course(seed));
    expect(course(seed)).not.toBe(course(seed + 1));
  });

  it('returns and sends back as often as is said', () => {
    const share = (command: string) => rows.filter((row) => commandsFor(seed, row).some((one) => one === command)).length / rows.length;
    expect(share('return')).toBeCloseTo(RETURN_SHARE, 1);
    expect(share('send-back')).toBeCloseTo(SEND_BACK_SHARE, 1);
    expect(share('return') + share('approve')).toBe(1);
  });

  it('is late, waits for cards, suspends and asks for time as often as is said', () => {
    const found = rows.map((row) => mannerOf(seed, offerOf(row)));
    for (const [manner, share] of Object.entries(MANNERS))
      expect({ manner, share: found.filter((one) => one === manner).length / rows.length }).toEqual({
        manner,
        share: expect.closeTo(share, 1) as number,
      });
    expect(found.filter((one) => one === 'in-time').length / rows.length).toBeGreaterThan(0.7);
  });

  it('never returns what it was designated for', () => {
    expect(rows.flatMap((row) => stepsFor(seed, { row, assignment: 3, designated: true })).map(({ command }) => command)).not.toContain(
      'return',
    );
  });

  it('is in time with what it was designated for', () => {
    expect(new Set(rows.map((row) => mannerOf(seed, { row, assignment: 2, designated: true })))).toEqual(new Set(['in-time']));
  });

  it('ends every way with an approved reply or a return', () => {
    expect(new Set(rows.map((row) => commandsFor(seed, row).at(-1)))).toEqual(new Set(['return', 'approve']));
    for (const row of rows.slice(0, 500)) {
      const kept = stepsAfterKept(seed, offerOf(row), true).map(({ command }) => command);
      expect([kept.includes('sign'), kept.includes('return'), kept.at(-1)]).toEqual([false, false, 'approve']);
      expect(stepsAfterKept(seed, offerOf(row), false)[0]?.command).toBe('sign');
    }
  });

  it('does nothing in real time that takes days', () => {
    const steps = rows.flatMap((row) => withoutWaiting(stepsFor(seed, offerOf(row))));
    expect(new Set(steps.map(({ when }) => JSON.stringify(when)))).toEqual(new Set(['{"kind":"after","span":0}']));
    for (const command of ['suspend', 'resume', 'request-extension']) expect(steps.some((step) => step.command === command)).toBe(false);
  });

  it.each(DEPARTMENT_COMMANDS)('writes %s as the contract wants it', (command) => {
    expect(decodeCommand(JSON.stringify(commandFor(command, occasion)))).toMatchObject({ ok: true });
  });

  it('says until when it suspends, where work goes on by itself', () => {
    const steps = [{ command: 'reply', when: { kind: 'resumed' } }] as const;
    const { until } = commandFor('suspend', { ...occasion, steps }) as { until?: string };
    expect(Date.parse(until ?? '')).toBeGreaterThan(now);
    expect(Date.parse(until ?? '')).toBeLessThanOrEqual(now + 3 * DAY);
    expect(commandFor('suspend', occasion)).not.toHaveProperty('until');
  });

  it('has two persons for work and approval', () => {
    expect(commandFor('reply', occasion).officer).not.toBe(commandFor('approve', occasion).officer);
  });

  it('replies with the file’s words, cut to what a reply may hold', () => {
    expect(replyFor(seed, 1, '您好！已修复。')).toEqual({ text: '您好！已修复。', outcome: 'resolved' });
    expect([...replyFor(seed, 1, '😀'.repeat(20_001)).text]).toHaveLength(20_000);
    expect(replyFor(seed, 1, undefined).text.length).toBeGreaterThan(10);
  });
});
