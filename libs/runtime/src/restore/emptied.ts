import { parseTopic, type Service } from '@paidan/contracts';
import type { LogClient } from '../kafka/kafkajs.js';
import type { Queryable } from '../postgres/transaction.js';
import type { HandledPlace } from './handled-before.js';

/** Whether the schema has nothing in it: it was just made. */
export async function isEmpty(database: Queryable): Promise<boolean> {
  const { rows } = await database.query<{ empty: boolean }>(
    `select not exists (select from log_position) and not exists (select from ticket) and not exists (select from restoration) as empty`,
  );
  return rows[0]?.empty === true;
}

/** The groups under which a service reads to know what it said: gone with their reading. */
export const recallGroup = (service: Service, id: string): string => `paidan.${service}.recall.${id}`;

/**
 * How far a service had got whose schema knows nothing any more, by what its consumer groups told Kafka.
 * @param tickets the topic of the tickets, which in tests has a name of its own
 */
export async function toldByGroups(client: LogClient, service: Service, tickets: string): Promise<readonly HandledPlace[]> {
  const groups = (await client.groups()).filter(
    (group) => group.startsWith(`paidan.${service}.`) && !group.startsWith(recallGroup(service, '')),
  );
  if (groups.length === 0) return [];
  const topics = (await client.topics()).filter((topic) => topic === tickets || parseTopic(topic) !== undefined);
  const found = new Map<string, HandledPlace>();
  for (const group of groups)
    for (const place of await client.told(group, topics)) {
      const key = `${place.topic}/${place.partition}`;
      if (place.offset > (found.get(key)?.offset ?? 0)) found.set(key, place);
    }
  return [...found.values()];
}

/**
 * Whether an empty schema belongs to a city that isn't new: the service has read before, or the log doesn't begin with the city's first ticket. Where it has
 * not been written to nothing is known yet, and nothing missed.
 */
export async function isOfOldCity(client: LogClient, service: Service, tickets: string): Promise<boolean> {
  if (!(await client.topics()).includes(tickets)) return false;
  if ((await client.offsets(tickets)).some(({ low }) => low > 0)) return true;
  return (await toldByGroups(client, service, tickets)).length > 0;
}
