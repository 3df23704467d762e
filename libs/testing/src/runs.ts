/** One for all: a run of today must fail on the same case as that of tomorrow. */
const SEED = 20_261_122;

const numberIn = (name: string): number | undefined => {
  const text = process.env[name];
  if (text === undefined || text === '') return undefined;
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new Error(`${name} must be a whole number, not ${text}`);
  return number;
};

/**
 * How often fast-check tries a property, and from which seed: the same cases in every run of the tests. `FC_RUNS` tries each property so often instead,
 * `FC_SEED` tries other cases.
 */
export const runs = (numRuns: number): { readonly numRuns: number; readonly seed: number } => ({
  numRuns: numberIn('FC_RUNS') ?? numRuns,
  seed: numberIn('FC_SEED') ?? SEED,
});
