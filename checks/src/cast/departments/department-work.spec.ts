import type { Step } from './department-conduct.js';
import { beginWork, instantOf, isTooLate, type Work } from './department-work.js';
import { DAY, HOUR, shownAt } from '../city/time.js';

const at = (text: string): number => Date.parse(`${text}+08:00`);
const monday = at('2026-03-02T10:00:00');

const work = (when: Step['when'], more: Partial<Work> = {}): Work => ({
  ...beginWork({
    ticketId: '019aa000-0000-7000-8000-000000000002',
    unit: 'city-parks',
    assignment: 1,
    offer: { row: 1, assignment: 1, designated: false },
    steps: [{ command: 'reply', when }],
    since: monday,
    returnUntil: monday + DAY,
  }),
  ...more,
});
const shown = (one: Work): string | undefined => {
  const instant = instantOf(one, 7, monday);
  return instant === undefined ? undefined : shownAt(instant);
};
const dueAt = at('2026-03-06T18:00:00');

describe('the next step', () => {
  it('is taken so long after the one before, in office hours', () => {
    expect(shown(work({ kind: 'after', span: 2 * HOUR }))).toBe('2026-03-02 Mon 12:00');
    expect(shown(work({ kind: 'after', span: 10 * HOUR }))).toMatch(/^2026-03-03 Tue (09|1\d):/);
  });

  it('waits for the deadline to be known, and is measured by it', () => {
    expect(shown(work({ kind: 'share', share: 0.5 }))).toBeUndefined();
    expect(shown(work({ kind: 'share', share: 0.5 }, { dueAt: null }))).toBeUndefined();
    expect(shown(work({ kind: 'share', share: 0.5 }, { dueAt: monday + 2.75 * DAY }))).toBe('2026-03-03 Tue 10:00');
    expect(shown(work({ kind: 'share', share: 1 }, { dueAt: monday + 30 * DAY }))).toBe('2026-03-09 Mon 10:00');
    expect(shown(work({ kind: 'past', span: 3 * DAY }, { dueAt }))).toMatch(/^2026-03-10 Tue/);
  });

  it('is not put off over the weekend when it would be late by that', () => {
    expect(shown(work({ kind: 'share', share: 0.999 }, { dueAt }))).toBe('2026-03-06 Fri 00:00');
    const steps = [{ command: 'return', when: { kind: 'after', span: 10 * HOUR } }] as const;
    const friday = at('2026-03-06T16:00:00');
    expect(shown(work({ kind: 'after', span: 0 }, { steps, since: friday, returnUntil: friday + DAY }))).toBe('2026-03-07 Sat 14:00');
  });

  it('is left out when it would only be refused', () => {
    const one = (command: 'sign' | 'return' | 'request-extension' | 'reply') =>
      work({ kind: 'after', span: 0 }, { steps: [{ command, when: { kind: 'after', span: 0 } }], dueAt });
    const tooLate = (now: number) =>
      (['sign', 'return', 'request-extension', 'reply'] as const).filter((command) => isTooLate(one(command), now));
    expect(tooLate(monday)).toEqual([]);
    expect(tooLate(monday + DAY)).toEqual(['sign', 'return']);
    expect(tooLate(dueAt)).toEqual(['sign', 'return', 'request-extension']);
  });

  it('may wait for a card, or for work to be resumed', () => {
    expect(shown(work({ kind: 'card', colour: 'red' }, { cards: new Set(['yellow']) }))).toBeUndefined();
    expect(shown(work({ kind: 'card', colour: 'red' }, { cards: new Set(['yellow', 'red']) }))).toBe('2026-03-02 Mon 11:00');
    expect(shown(work({ kind: 'resumed' }, { resumesAt: monday + 2 * DAY }))).toBe('2026-03-04 Wed 12:00');
  });

  it('comes to an end', () => expect(shown(work({ kind: 'after', span: 0 }, { at: 1 }))).toBeUndefined());
});
