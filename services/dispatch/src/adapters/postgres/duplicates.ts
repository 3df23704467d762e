import { memberOf } from '@paidan/kernel';
import type { Queryable, Tx } from '@paidan/runtime';
import { duplicatesAmong, MOST_OF_A_BAND, mostAlike, type Asked, type DuplicatePolicy } from '../../domain/duplicates/find.js';
import { BANDS, MINIMA, planeHex, PLANES, type Fingerprint } from '../../domain/duplicates/fingerprint.js';
import type { Earlier, Found } from '../../domain/duplicates/same.js';
import { AGREEING_CLOSELY, FEWEST_AGREEING, likenessOf } from '../../domain/duplicates/likeness.js';
import { STATUSES, type Status, type Ticket } from '../../domain/ticket.js';
import { numbered } from './duplicate-fingerprints.js';
import { urgencyOfRank } from './ticket-columns.js';
import type { Content } from '@paidan/contracts';

/** An earlier ticket that says the same, and how it stands. */
export interface FoundDuplicate extends Found {
  /** Absent of one that comes in the same batch, or that this service has no row of. */
  readonly status?: Status;
  readonly lead?: string;
  readonly matter?: string;
}

/** Hours that a clock elsewhere may be ahead. What claims to come later than that isn't kept: its month would stay for ever. */
const AHEAD_MS = 86_400_000;

const bandNames = numbered(BANDS, (n) => `band${n}`);
const planeNames = numbered(PLANES, (n) => `plane${n}`);
const planesOf = (fingerprint: Fingerprint): string[] => Array.from({ length: PLANES }, (_, n) => planeHex(fingerprint, n));

/** Bands lie one ticket's behind the other's; planes come each in an array of its own, since a text is found in an array by going through it. */
const INSERT = `
  insert into duplicate_fingerprint (at, ticket_id, grams, area, person, ${bandNames}, ${planeNames})
  select at, ticket_id, grams, area, hashtextextended(person, 0),
    ${numbered(BANDS, (n) => `($5::integer[])[(n::integer - 1) * ${BANDS} + ${n + 1}]`)},
    ${numbered(PLANES, (n) => `('x' || plane${n})::bit(${MINIMA})`)}
  from unnest($1::timestamptz[], $2::uuid[], $3::integer[], $4::text[], $6::text[], ${numbered(PLANES, (n) => `$${7 + n}::text[]`)})
    with ordinality as new (at, ticket_id, grams, area, person, ${planeNames}, n)`;

const LOOK_UP = `select * from look_up_duplicates($1, $2, $3, $4, $5::uuid[], $6::timestamptz[], $7::timestamptz[], $8::text[], $9::text[], $10::integer[], $11::text[])`;

interface Row {
  n: number;
  ticket_id: string;
  at: Date;
  area: string | null;
  grams: number;
  agreeing: number;
  own: boolean;
  status: string | null;
  lead: string | null;
  matter: string | null;
  record: Ticket | null;
  content: string | null;
  master: string | null;
  master_status: string | null;
  master_number: string | null;
  master_urgency: number | null;
}

const isStatus = memberOf(STATUSES);

const fromRow = (row: Row, { fingerprint }: Asked): FoundDuplicate | undefined => {
  const likeness = likenessOf(row.agreeing, fingerprint.grams, row.grams);
  if (likeness === undefined) return undefined;
  return {
    ...likeness,
    ticketId: row.ticket_id,
    at: row.at.getTime(),
    ...(row.area === null ? {} : { area: row.area }),
    ...(row.own ? { own: true } : {}),
    ...(isStatus(row.status) ? { status: row.status } : {}),
    ...(row.lead === null ? {} : { lead: row.lead }),
    ...(row.matter === null ? {} : { matter: row.matter }),
    ...(row.record?.number === undefined ? {} : { number: row.record.number }),
    ...earlierOf(row),
  };
};

const earlierOf = ({ record, content, ...row }: Row): { readonly earlier?: Earlier } => {
  if (record?.appeal === undefined || content === null || row.master === null || row.master_number === null) return {};
  if (!isStatus(row.master_status)) return {};
  const said = JSON.parse(content) as Content;
  if (said.kind !== 'open') return {};
  return {
    earlier: {
      said,
      appealType: record.appeal.appealType,
      ...(record.citizen === undefined ? {} : { citizen: record.citizen }),
      master: {
        ticketId: row.master,
        number: row.master_number,
        status: row.master_status,
        urgency: urgencyOfRank(row.master_urgency ?? 0),
      },
    },
  };
};

/**
 * The earlier tickets that say the same as these, of each the most alike; one statement for all of them. Tickets that come in the same batch find each other
 * too. Two that are handled at the same time in different transactions don't: a later third finds both.
 * @param most so many are looked up, the first; the others are compared with those that come with them alone
 */
export async function lookUpDuplicates(
  db: Queryable,
  asked: readonly Asked[],
  policy: DuplicatePolicy,
  most = asked.length,
): Promise<ReadonlyMap<string, readonly FoundDuplicate[]>> {
  const found = new Map(asked.map(({ ticketId }) => [ticketId, new Map<string, FoundDuplicate>()]));
  // What the table knows of one that is in the batch too, done once more, is more than what the batch knows.
  for (const [ticketId, duplicates] of duplicatesAmong(asked, policy))
    for (const duplicate of duplicates) found.get(ticketId)?.set(duplicate.ticketId, duplicate);
  for (const [ticketId, duplicate] of await lookedUp(db, asked.slice(0, most), policy))
    found.get(ticketId)?.set(duplicate.ticketId, duplicate);
  return new Map([...found].flatMap(([ticketId, some]) => (some.size === 0 ? [] : [[ticketId, mostAlike([...some.values()], policy)]])));
}

async function lookedUp(
  db: Queryable,
  asked: readonly Asked[],
  policy: DuplicatePolicy,
): Promise<readonly (readonly [string, FoundDuplicate])[]> {
  if (asked.length === 0) return [];
  const { rows } = await db.query<Row>(LOOK_UP, [
    MOST_OF_A_BAND,
    FEWEST_AGREEING,
    // Which of them are the most alike is judged by their lengths, too.
    policy.most * 2,
    AGREEING_CLOSELY,
    asked.map(({ ticketId }) => ticketId),
    asked.map(({ at }) => new Date(at)),
    asked.map(({ at }) => new Date(at - policy.withinMs)),
    asked.map(({ area }) => area ?? null),
    asked.map(({ person }) => person ?? null),
    asked.flatMap(({ fingerprint }) => fingerprint.bands),
    asked.flatMap(({ fingerprint }) => planesOf(fingerprint)),
  ]);
  // What is brought both ways is the person's own.
  const inOrder = rows.toSorted((a, b) => Number(a.own) - Number(b.own));
  return inOrder.flatMap((row) => {
    const ticket = asked[row.n] as Asked;
    const duplicate = fromRow(row, ticket);
    return duplicate === undefined ? [] : [[ticket.ticketId, duplicate] as const];
  });
}

export interface Keeping {
  /** Epoch ms. */
  readonly now: number;
  /** How long a fingerprint is kept at least; months are dropped whole. */
  readonly keptMs: number;
}

/**
 * Keeps the fingerprints of new tickets: one statement for the batch, and one that makes sure of their months. What is older than is kept, or claims to come
 * from the future, is left out, and no error: a month of its own for each instant that somebody makes up would be.
 */
export function writeFingerprints(tx: Tx, tickets: readonly Asked[], { now, keptMs }: Keeping): void {
  const kept = tickets.filter(({ at }) => at > now - keptMs && at < now + AHEAD_MS);
  if (kept.length === 0) return;
  // Said each time: a month known to be there might have been made in a transaction that was rolled back, and then no ticket could be written.
  tx.send('select ensure_duplicate_months($1::text[])', [
    [...new Set(kept.map(({ at }) => `${new Date(at).toISOString().slice(0, 7)}-01`))],
  ]);
  tx.send(INSERT, [
    kept.map(({ at }) => new Date(at)),
    kept.map(({ ticketId }) => ticketId),
    kept.map(({ fingerprint }) => fingerprint.grams),
    kept.map(({ area }) => area ?? null),
    kept.flatMap(({ fingerprint }) => fingerprint.bands),
    kept.map(({ person, ticketId }) => person ?? ticketId),
    ...Array.from({ length: PLANES }, (_, n) => kept.map(({ fingerprint }) => planeHex(fingerprint, n))),
  ]);
}

/** Of tickets whose text is erased (个保法 §47), or that have come under seal since. Reads all that is kept. */
export async function forgetFingerprints(db: Queryable, ticketIds: readonly string[]): Promise<number> {
  const { affected } = await db.query('delete from duplicate_fingerprint where ticket_id = any($1::uuid[])', [ticketIds]);
  return affected;
}

/** @returns how many months were dropped */
export async function dropOldFingerprints(db: Queryable, { now, keptMs }: Keeping): Promise<number> {
  const { rows } = await db.query<{ dropped: number }>('select drop_duplicate_months_before($1::timestamptz) as dropped', [
    new Date(now - keptMs),
  ]);
  return rows[0]?.dropped ?? 0;
}
