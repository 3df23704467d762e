import { parseTopic, SERVICES, type Service } from '@paidan/contracts';
import type { Positions } from '../positions.js';

/** Records of a lost log that their readers had not come to: what strangers wrote is theirs to write again, the rest its services say again. */
export interface Unread {
  readonly submissions: number;
  readonly commands: number;
  readonly directory: number;
  /** By reader. */
  readonly tickets: Readonly<Partial<Record<Service, number>>>;
}

const FAMILIES = ['submissions', 'commands', 'directory'] as const;

export function unreadOf(positions: Positions, ends: ReadonlyMap<string, number>): Unread {
  const unread = { submissions: 0, commands: 0, directory: 0 };
  const tickets: Partial<Record<Service, number>> = {};
  for (const service of SERVICES)
    for (const [place, position] of positions[service]) {
      const left = Math.max(0, (ends.get(place) ?? 0) - position);
      const family = parseTopic(place.slice(0, place.lastIndexOf('/')))?.family;
      if (family === 'tickets') tickets[service] = (tickets[service] ?? 0) + left;
      const stranger = FAMILIES.find((one) => one === family);
      if (stranger !== undefined) unread[stranger] += left;
    }
  return { ...unread, tickets };
}
