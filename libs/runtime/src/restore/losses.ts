import type { Queryable } from '../postgres/transaction.js';
import type { Loss } from '../reactor/service.js';

/** So many tickets are named; all are counted. */
const NAMED = 1_000;

/**
 * A loss by a query of the tickets that it struck, none where there are none.
 * @param tickets a select of `number`, what people call the ticket, and `place`, by which the first of them are the first
 */
export async function lossOf(
  database: Queryable,
  what: string,
  tickets: string,
  parameters: readonly unknown[] = [],
): Promise<readonly Loss[]> {
  const { rows } = await database.query<{ number: string; count: string }>(
    `select number, count(*) over () as count from (${tickets}) as struck order by place limit ${NAMED}`,
    parameters,
  );
  const [first] = rows;
  return first === undefined ? [] : [{ what, count: Number(first.count), tickets: rows.map(({ number }) => number) }];
}
