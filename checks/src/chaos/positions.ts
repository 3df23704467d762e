import type { Service } from '@paidan/contracts';
import { type RunningSystem, urlOf, withClient } from '@paidan/local';
import { schemaOf } from './books/read-schemas.js';

/** Service → `topic/partition` → the next offset to be handled. */
export type Positions<S extends Service = Service> = Readonly<Record<S, ReadonlyMap<string, number>>>;

/** How far services have got, by their schemas. */
export const positionsOf = <S extends Service>({ postgresUrl }: RunningSystem, services: readonly S[]): Promise<Positions<S>> =>
  withClient(urlOf(postgresUrl, 'paidan'), async (client) => {
    const entries: [S, ReadonlyMap<string, number>][] = [];
    for (const service of services) {
      const { rows } = await client.query<{ place: string; next_offset: string }>(
        `select topic || '/' || partition as place, next_offset from ${schemaOf(service)}.log_position`,
      );
      entries.push([service, new Map(rows.map(({ place, next_offset: next }) => [place, Number(next)]))]);
    }
    return Object.fromEntries(entries) as Record<S, ReadonlyMap<string, number>>;
  });
