import { RatingV1, validateShape } from '@paidan/contracts';
import { hesitation, ratingFor, VERDICTS, verdictOf } from './citizen-conduct.js';
import { DAY } from '../city/time.js';

const seed = 7;
const rows = Array.from({ length: 5_000 }, (_, index) => index + 1);

describe('the citizens', () => {
  it('judge as often so as is said, and the same for the same seed', () => {
    const verdicts = rows.map((row) => verdictOf(seed, row, 1, false));
    for (const [verdict, share] of Object.entries(VERDICTS))
      expect(verdicts.filter((one) => one === verdict).length / rows.length).toBeCloseTo(share, 1);
    expect(verdicts).toEqual(rows.map((row) => verdictOf(seed, row, 1, false)));
    expect(verdicts).not.toEqual(rows.map((row) => verdictOf(seed, row, 2, false)));
  });

  it('all speak where nobody can wait', () => {
    expect(new Set(rows.map((row) => verdictOf(seed, row, 1, true)))).toEqual(new Set(['satisfied', 'unsatisfied', 'unsolved']));
  });

  it('take some hours or days to look', () => {
    const spans = rows.map((row) => hesitation(seed, row, 1));
    expect(Math.max(...spans)).toBeLessThan(2 * DAY);
    expect(Math.min(...spans)).toBeGreaterThan(0);
  });

  it.each(['satisfied', 'unsatisfied', 'unsolved'] as const)('say what the contract takes when %s', (verdict) => {
    for (const row of rows.slice(0, 200)) expect(validateShape(RatingV1, ratingFor(seed, row, 2, verdict))).toMatchObject({ ok: true });
    const { stars, satisfied, resolved } = ratingFor(seed, 1, 1, verdict);
    const holds = stars > 2 && satisfied !== false && resolved !== false;
    expect(holds).toBe(verdict === 'satisfied');
  });
});
