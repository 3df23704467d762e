import { decodeHeaders } from '@paidan/contracts';
import type { LogRecord } from '../kafka/log-record.js';
import type { Queryable } from '../postgres/transaction.js';

/*
 * What is told again ends where its teller stood, and that is further than the service had got whose schema is lost. What lies between had not been handled:
 * nobody has been told yet what comes of it.
 */

interface Place {
  readonly ticketId: string;
  readonly source: string;
  readonly epoch: number;
  readonly sequence: number;
}

const placeOf = ({ headers }: LogRecord): Place | undefined => {
  const decoded = decodeHeaders(headers);
  if (!decoded.ok) return undefined;
  const { subject: ticketId, source, epoch, sequence } = decoded.envelope;
  return { ticketId, source, epoch, sequence };
};

const keyOf = ({ ticketId, source, epoch, sequence }: Place): string => `${ticketId} ${source} ${epoch}.${sequence}`;
const columnsOf = (places: readonly Place[]): unknown[] => [
  places.map(({ ticketId }) => ticketId),
  places.map(({ source }) => source),
  places.map(({ epoch }) => epoch),
  places.map(({ sequence }) => sequence),
];

/** Keeps them until the restoration is over. */
export async function keepUnheard(database: Queryable, records: readonly LogRecord[]): Promise<void> {
  const places = records.flatMap((record) => placeOf(record) ?? []);
  if (places.length === 0) return;
  await database.query(
    `insert into unheard_event (ticket_id, source, epoch, sequence)
     select * from unnest($1::uuid[], $2::text[], $3::integer[], $4::integer[]) on conflict do nothing`,
    columnsOf(places),
  );
}

/** Which of these records they are. */
export async function unheardAmong(database: Queryable, records: readonly LogRecord[]): Promise<(record: LogRecord) => boolean> {
  const places = records.flatMap((record) => placeOf(record) ?? []);
  const { rows } = await database.query<{ ticket_id: string; source: string; epoch: number; sequence: number }>(
    `select ticket_id, source, epoch, sequence from unheard_event
     join unnest($1::uuid[], $2::text[], $3::integer[], $4::integer[]) as u (ticket_id, source, epoch, sequence) using (ticket_id, source, epoch, sequence)`,
    columnsOf(places),
  );
  const found = new Set(rows.map(({ ticket_id: ticketId, ...row }) => keyOf({ ticketId, ...row })));
  return (record) => {
    const place = placeOf(record);
    return place !== undefined && found.has(keyOf(place));
  };
}
