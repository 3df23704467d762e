import { ticketNumber, TRANSITIONS } from './ticket.js';

describe('a ticket’s life in intake', () => {
  it('reaches every status, and none that is unknown', () => {
    const reached = new Set<keyof typeof TRANSITIONS>(['none']);
    for (const status of reached) for (const targets of Object.values(TRANSITIONS[status])) for (const next of targets) reached.add(next);
    expect([...reached].sort()).toEqual(Object.keys(TRANSITIONS).sort());
  });
});

describe('a ticket’s number', () => {
  it.each([
    ['2026-11-22T15:59:59.999Z', 123, '20261122-000123'],
    ['2026-11-22T16:00:00.000Z', 123, '20261123-000123'],
    ['2026-12-31T16:00:00.000Z', 999_999, '20270101-999999'],
    ['2026-11-22T00:00:00.000Z', 12_345_678, '20261122-12345678'],
  ])('of %s, number %d is %s', (at, serial, number) => {
    expect(ticketNumber(Date.parse(at), serial)).toBe(number);
  });
});
