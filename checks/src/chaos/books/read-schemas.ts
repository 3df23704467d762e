import { SERVICES, type Service } from '@paidan/contracts';
import { urlOf, withClient } from '@paidan/local';
import type pg from 'pg';
import type { DeliveryRow, RowSeen, SchemaBook, TrailOf } from './books.js';
import { listed } from '../listed.js';
import { ACCEPTED } from '../load/witness.js';
import { KEPT_SQL } from './read-log.js';

/** Tables of the runtime in which nothing may be left when all is quiet. */
const MUST_BE_EMPTY = ['outbox', 'notice', 'set_aside', 'parked', 'quarantine'] as const;

export const schemaOf = (service: Service): string => service.replaceAll('-', '_');

export interface SchemaBooks {
  readonly schemas: Readonly<Record<Service, SchemaBook>>;
  readonly registered: ReadonlyMap<string, string>;
  readonly recalled: ReadonlySet<string>;
  readonly trail: ReadonlyMap<string, readonly TrailOf[]>;
  readonly gaps: readonly { readonly ticketId: string; readonly what: string }[];
  readonly deliveries: readonly DeliveryRow[];
}

/** All schemas as they are at one instant, without writing anything. */
export async function readSchemas(postgresUrl: string): Promise<SchemaBooks> {
  return withClient(urlOf(postgresUrl, 'paidan'), async (client) => {
    await client.query('begin isolation level repeatable read read only');
    const entries: [Service, SchemaBook][] = [];
    for (const service of SERVICES) entries.push([service, await readSchema(client, schemaOf(service))]);
    const { rows: submissions } = await client.query<{ channel: string; external_id: string; ticket_id: string }>(
      'select channel, external_id, ticket_id from intake.submission',
    );
    const { rows: recalled } = await client.query<{ ticket_id: string }>('select ticket_id from intake.recalled_submission');
    const { rows: gaps } = await client.query<{ ticket_id: string; what: string }>(
      `select ticket_id, service || ' ' || epoch || ': ' || first || ' to ' || last as what from feedback.trail_gap`,
    );
    const { rows: deliveries } = await client.query<DeliveryRow>('select ticket_id as "ticketId", round, state from feedback.delivery');
    const trail = await readTrail(client);
    await client.query('rollback');
    return {
      schemas: Object.fromEntries(entries) as Record<Service, SchemaBook>,
      registered: new Map(submissions.map((row) => [`${row.channel}/${row.external_id}`, row.ticket_id])),
      recalled: new Set(recalled.map((row) => row.ticket_id)),
      trail,
      gaps: gaps.map(({ ticket_id: ticketId, what }) => ({ ticketId, what })),
      deliveries,
    };
  });
}

async function readSchema(client: pg.Client, schema: string): Promise<SchemaBook> {
  const { rows } = await client.query<{
    ticket_id: string;
    sequence: number;
    parked: boolean;
    handled: RowSeen['handled'];
    timers: Readonly<Record<string, { readonly dueAt: number }>>;
  }>(`select ticket_id, sequence, parked, handled, timers from ${schema}.ticket`);
  const { rows: commands } = await client.query<{ command_id: string; ticket_id: string; reason: string | null }>(
    `select command_id, ticket_id, outcome ->> 'reason' as reason from ${schema}.command`,
  );
  const { rows: positions } = await client.query<{ place: string; next_offset: string }>(
    `select topic || '/' || partition as place, next_offset from ${schema}.log_position`,
  );
  const { rows: epochs } = await client.query<{ epoch: number }>(`select epoch from ${schema}.service_epoch`);
  const left: Record<string, number> = {};
  for (const table of MUST_BE_EMPTY) {
    const counted = await client.query<{ count: string }>(`select count(*) from ${schema}.${table}`);
    left[table] = Number(counted.rows[0]?.count);
  }
  return {
    epoch: epochs[0]?.epoch ?? 1,
    rows: new Map(
      rows.map(({ ticket_id, sequence, parked, handled, timers }) => [
        ticket_id,
        { sequence, parked, handled, timers: Object.fromEntries(Object.entries(timers).map(([name, { dueAt }]) => [name, dueAt])) },
      ]),
    ),
    commands: new Map(
      commands.map(({ command_id, ticket_id, reason }) => [command_id, { ticketId: ticket_id, answer: reason ?? ACCEPTED }]),
    ),
    positions: new Map(positions.map(({ place, next_offset }) => [place, Number(next_offset)])),
    left,
  };
}

async function readTrail(client: pg.Client): Promise<ReadonlyMap<string, readonly TrailOf[]>> {
  const { rows } = await client.query<TrailOf & { readonly ticket_id: string }>(
    `select ticket_id, service, epoch, array_agg(sequence order by sequence) as sequences, array_agg(${KEPT_SQL} order by sequence) as kept
     from feedback.trail group by ticket_id, service, epoch`,
  );
  const trail = new Map<string, TrailOf[]>();
  for (const { ticket_id, service, epoch, sequences, kept } of rows) listed(trail, ticket_id).push({ service, epoch, sequences, kept });
  return trail;
}
