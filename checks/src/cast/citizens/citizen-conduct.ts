import type { RatingV1 } from '@paidan/contracts';
import { chance, pick } from '../city/chance.js';
import { DAY, HOUR } from '../city/time.js';

/*
 * How the citizens of the play judge what they are told. Pure: it follows from the seed, the row and the round of the reply.
 */

/** Shares of citizens who say nothing, are not satisfied, or say that it is not solved; the rest are satisfied. */
export const VERDICTS = { silent: 0.22, unsatisfied: 0.09, unsolved: 0.06 } as const;
export type Verdict = keyof typeof VERDICTS | 'satisfied';

/** @param everybodySpeaks where nobody can wait for the days after which a silent citizen's ticket closes */
export function verdictOf(seed: number, row: number, round: number, everybodySpeaks: boolean): Verdict {
  let left = chance(seed, 'verdict', row, round);
  for (const [verdict, share] of Object.entries(VERDICTS)) {
    if ((left -= share) < 0) return everybodySpeaks && verdict === 'silent' ? 'satisfied' : (verdict as Verdict);
  }
  return 'satisfied';
}

/** A silent citizen may have read the reply all the same. */
export const readsInSilence = (seed: number, row: number, round: number): boolean => chance(seed, 'reads', row, round) < 0.5;

/** How long it takes until the citizen looks at the reply and judges it; milliseconds of the city's time. */
export const hesitation = (seed: number, row: number, round: number): number => HOUR + chance(seed, 'hesitation', row, round) * 1.5 * DAY;

const PRAISE: readonly [string, ...string[]] = ['处理很及时，感谢！', '问题解决了，谢谢。', '工作人员很负责。'];
const BLAME: readonly [string, ...string[]] = ['答复敷衍，没有到现场。', '等了这么久，问题还在。', '只是解释，没有解决办法。'];

/** What a citizen who speaks says of a reply. */
export function ratingFor(seed: number, row: number, round: number, verdict: Exclude<Verdict, 'silent'>): RatingV1 {
  const at = (what: string): number => chance(seed, what, row, round);
  const onTime = at('on-time') < 0.3 ? {} : { onTime: verdict === 'satisfied' || at('was-on-time') < 0.4 };
  const comment = (list: readonly [string, ...string[]]) => (at('comments') < 0.3 ? { comment: pick(list, at('comment')) } : {});
  switch (verdict) {
    case 'satisfied':
      return { round, stars: at('stars') < 0.7 ? 5 : 4, resolved: true, satisfied: true, ...onTime, ...comment(PRAISE) };
    case 'unsatisfied':
      return { round, stars: at('stars') < 0.5 ? 1 : 2, satisfied: false, ...onTime, ...comment(BLAME) };
    case 'unsolved':
      return { round, stars: 3, resolved: false, ...onTime, ...comment(BLAME) };
    default:
      return verdict satisfies never;
  }
}
