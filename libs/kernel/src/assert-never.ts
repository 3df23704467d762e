/** The `default:` of a switch over a discriminated union: a new variant is a compile error here, and an illegal state at run time. */
export const assertNever = (value: never, what = 'variant'): never => {
  throw new TypeError(`unexpected ${what}: ${JSON.stringify(value)}`);
};
