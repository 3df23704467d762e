import { chooseUnit, defaultUnits, type Queued } from './dispatcher.js';

const queued = (more: Partial<Queued>): Queued => ({
  ticketId: '019aa000-0000-7000-8000-000000000002',
  decisionVersion: 1,
  reason: 'tie',
  candidates: ['city-housing', 'city-water'],
  returnedBy: [],
  parked: false,
  ...more,
});
const defaults = ['city-petitions', 'city-discipline'];
const unitFor = (more: Partial<Queued>, refused: readonly string[] = []) => chooseUnit(queued(more), defaults, new Set(refused))?.unit;

describe('the dispatcher', () => {
  it('takes the best candidate', () => expect(unitFor({})).toBe('city-housing'));
  it('passes over who returned it and whom dispatch would not have', () => {
    expect(unitFor({ returnedBy: ['city-housing'] })).toBe('city-water');
    expect(unitFor({ returnedBy: ['city-housing'] }, ['city-water'])).toBe('city-petitions');
  });
  it('has a default for what nobody can place', () => {
    expect(unitFor({ candidates: [] })).toBe('city-petitions');
    expect(unitFor({ candidates: [], returnedBy: ['city-petitions'] })).toBe('city-discipline');
  });
  it('gives up when nobody may have it', () => expect(unitFor({ candidates: [] }, defaults)).toBeUndefined());
  it('designates what was returned too often, and nothing else', () => {
    expect(chooseUnit(queued({ reason: 'returned-too-often' }), defaults, new Set())?.designated).toBe(true);
    expect(chooseUnit(queued({}), defaults, new Set())?.designated).toBe(false);
  });
  it('finds defaults in another city too', () => expect(defaultUnits(['town-hall'])).toEqual(['town-hall']));
});
