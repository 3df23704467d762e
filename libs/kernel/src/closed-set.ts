/** The union of the members of an `as const` list: `type Urgency = Member<typeof URGENCIES>`. */
export type Member<L extends readonly string[]> = L[number];

/**
 * A type guard from an `as const` list, so that the list stays the only place that names the members:
 * the type, the validator, the database check and the documents are all read from it.
 */
export const memberOf = <const L extends readonly string[]>(list: L): ((value: unknown) => value is Member<L>) => {
  const known: ReadonlySet<unknown> = new Set(list);
  return (value): value is Member<L> => known.has(value);
};

/**
 * For readers of messages: a value that a newer producer added to a closed set is no error, it is read as `fallback`.
 * Without this, the first new member would run into every `assertNever` of every consumer that is one release behind.
 */
export const knownOr = <const L extends readonly string[]>(list: L, value: string, fallback: Member<L>): Member<L> =>
  list.includes(value) ? (value as Member<L>) : fallback;

/** SQL for a check constraint over a closed set: `channel in ('phone','web')`. */
export const sqlIn = (column: string, list: readonly string[]): string =>
  `${column} in (${list.map((member) => `'${member.replaceAll("'", "''")}'`).join(',')})`;
