import { decodeEvent, headerOf, type TicketEvent } from '@paidan/contracts';
import { createHash } from 'node:crypto';
import { listed } from '../listed.js';
import type { Logged, Unreadable } from './books.js';
import type { Stored } from './read-topics.js';

/** Members of payloads that hold texts, and lists that nobody here looks at: half a million events stay in memory. */
const LEFT_OUT = ['content', 'reply', 'grounds', 'note', 'comment', 'words', 'reasons', 'candidates', 'ruledOut', 'recipients'];

/** The stories of all tickets, put together from the log. */
export class Stories {
  readonly stories = new Map<string, Logged[]>();
  readonly unreadable: Unreadable[] = [];

  readonly take = ({ topic, partition, offset, key, value, headers }: Stored): void => {
    const unreadable = (reason: string): void => void this.unreadable.push({ topic, partition, offset, reason });
    const decoded = decodeEvent(headers, value);
    if (!decoded.ok) return unreadable(`${decoded.reason}: ${decoded.detail}`);
    const { event } = decoded;
    if (key?.toString() !== event.ticketId) return unreadable('its key is not its ticket');
    listed(this.stories, event.ticketId).push({
      ...slim(event),
      offset,
      digest: digestOf(...headerLines(headers), value ?? ''),
      kept: keptDigest(headerOf(headers, 'ce_type') ?? '', value?.toString() ?? ''),
    });
  };
}

function slim(event: TicketEvent): TicketEvent {
  const payload = Object.fromEntries(Object.entries(event.payload).filter(([member]) => !LEFT_OUT.includes(member)));
  // The payload has been held against its schema; what is left out here is never looked at.
  return { ...event, payload } as TicketEvent;
}

export const headerLines = (headers: Stored['headers']): string[] =>
  Object.keys(headers)
    .sort()
    .map((name) => `${name}: ${headerOf(headers, name) ?? ''}\n`);

export function digestOf(...parts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha1');
  for (const part of parts) hash.update(part);
  return hash.digest('base64url');
}

/** As {@link KEPT_SQL} makes it of a row of the trail. */
export const keptDigest = (type: string, payload: string): string => createHash('md5').update(`${type}\n${payload}`).digest('hex');
export const KEPT_SQL = `md5(type || E'\\n' || payload)`;
