import { SERVICES, type Service } from '@paidan/contracts';
import { type RunningSystem, urlOf, withClient } from '@paidan/local';
import type pg from 'pg';
import type { Observer } from '../../observer.js';
import { percentile } from '../../percentile.js';
import { heldBy, type Held } from '../../processes.js';
import { schemaOf } from '../books/read-schemas.js';

/** What a schema takes on the disk. */
export interface SchemaSize {
  /** Tables with what is stored aside of them, and their indexes. */
  readonly tablesMb: number;
  readonly indexesMb: number;
  readonly deadRows: number;
  /** Tables, those of single days among them. */
  readonly tables: number;
}

/** A minute of a long run, and what is there at its end. */
export interface Sample {
  /** From 1. */
  readonly minute: number;
  /** Tickets registered since the run began. */
  readonly registered: number;
  /** In this minute, by a reader of the log from outside; real milliseconds. */
  readonly acceptedToAssignedMs: { readonly p50: number; readonly p99: number } | undefined;
  readonly processes: Readonly<Record<string, Held>>;
  readonly schemas: Readonly<Record<Service, SchemaSize>>;
  /** Events and notices that waited to be sent, at the least of several looks: a queue that comes and goes with the city's office hours is none that grows. */
  readonly waiting: Readonly<Record<Service, number>>;
}

const MB = 1_048_576;

/** @param waiting looks at the queues, of this minute */
export async function takeSample(
  minute: number,
  system: RunningSystem,
  observer: Observer,
  waiting: readonly Sample['waiting'][],
): Promise<Sample> {
  const { registered, latencies } = observer;
  observer.latencies = [];
  const [processes, schemas] = await Promise.all([
    heldBy(system.pids),
    withClient(urlOf(system.postgresUrl, 'paidan'), async (client) => {
      const sizes: [Service, SchemaSize][] = [];
      for (const service of SERVICES) sizes.push([service, await sizeOf(client, schemaOf(service))]);
      return Object.fromEntries(sizes) as Record<Service, SchemaSize>;
    }),
  ]);
  const [p50, p99] = latencies.length === 0 ? [] : [50, 99].map((rank) => Math.round(percentile(latencies, rank)));
  return {
    minute,
    registered,
    acceptedToAssignedMs: p50 === undefined || p99 === undefined ? undefined : { p50, p99 },
    processes,
    schemas,
    waiting: Object.fromEntries(
      SERVICES.map((service) => [service, Math.min(...waiting.map((look) => look[service]))]),
    ) as Sample['waiting'],
  };
}

async function sizeOf(client: pg.Client, schema: string): Promise<SchemaSize> {
  const { rows } = await client.query<Record<'tables' | 'indexes' | 'dead' | 'count', string>>(
    `select sum(pg_table_size(c.oid)) tables, sum(pg_indexes_size(c.oid)) indexes, sum(coalesce(s.n_dead_tup, 0)) dead, count(*)
     from pg_class c left join pg_stat_user_tables s on s.relid = c.oid where c.relnamespace = $1::regnamespace and c.relkind = 'r'`,
    [schema],
  );
  const { tables, indexes, dead, count } = rows[0] ?? {};
  return { tablesMb: megabytes(tables), indexesMb: megabytes(indexes), deadRows: Number(dead), tables: Number(count) };
}

/** What waits to be sent, of each service. */
export const lookAtQueues = (postgresUrl: string): Promise<Sample['waiting']> =>
  withClient(urlOf(postgresUrl, 'paidan'), async (client) => {
    const counts = SERVICES.map(schemaOf).map(
      (schema) => `(select count(*) from ${schema}.outbox) + (select count(*) from ${schema}.notice) as ${schema}`,
    );
    const { rows } = await client.query<Record<string, string>>(`select ${counts.join(', ')}`);
    return Object.fromEntries(SERVICES.map((service) => [service, Number(rows[0]?.[schemaOf(service)])])) as Sample['waiting'];
  });

const megabytes = (bytes: string | undefined): number => Math.round((Number(bytes) / MB) * 10) / 10;
