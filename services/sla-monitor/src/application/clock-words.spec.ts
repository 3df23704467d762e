import { assigned, decide, given, heldForPerson, MONDAY, registered } from '../domain/clocks.kit.js';
import { isCitizens } from '../domain/clock.js';
import { clockWords } from './clock-words.js';

describe('a clock in words', () => {
  it('tells of the limit that it had before the ticket was found more urgent', () => {
    const { record } =
      decide(given(registered(MONDAY), heldForPerson('2026-03-02 10:05')), assigned('2026-03-02 14:00', 1, undefined, 'critical')) ?? {};
    const clock = record !== undefined && 'clocks' in record ? record.clocks.find(isCitizens) : undefined;
    const words = clock === undefined ? { en: '', zh: '' } : clockWords(clock);
    expect(words.en).toContain(
      '24 hours from 2026-03-02 10:00, no longer 5 working days: found more urgent 2026-03-02 14:00; due 2026-03-03 10:00',
    );
    expect(words.zh).toContain('（原 5个工作日，2026-03-02 14:00 紧急程度提高）');
  });
});
