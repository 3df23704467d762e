import { EVENTS, type EventName, type EventPayload } from '@paidan/contracts';
import type { Books, Logged } from '../books/books.js';
import type { Rule } from './finding.js';
import { type Draft, on } from './history.kit.js';
import { judge } from './ledger.js';

/** Ways to spoil books, and what the ledger says of them. */
export const judged = (books: Draft) => judge(books as unknown as Books);
export const rulesOf = (books: Draft): readonly Rule[] => [...new Set(judged(books).map(({ rule }) => rule))].sort();

export type Story = Logged[];
export const storyOf = (books: Draft, ticketId: string): Story => books.stories.get(ticketId) as unknown as Story;
export const eventOf = (books: Draft, ticketId: string, name: EventName, nth = 0): Logged =>
  storyOf(books, ticketId).filter((event) => event.name === name)[nth] as Logged;
export const change = <N extends EventName>(books: Draft, ticketId: string, name: N, payload: Partial<EventPayload<N>>, nth = 0): void =>
  void Object.assign(eventOf(books, ticketId, name, nth).payload, payload);

/** Takes an event out as if it had never been said: later ones of its service are numbered anew, in the log, the trail and the row. */
export function unsay(books: Draft, ticketId: string, name: EventName, nth = 0): void {
  const gone = eventOf(books, ticketId, name, nth);
  const story = storyOf(books, ticketId).filter((event) => event !== gone);
  books.stories.set(ticketId, story as never);
  renumber(books, ticketId, gone.service);
}

/** Says an event once more as a new one, right after the first. */
export function resay(books: Draft, ticketId: string, name: EventName): Logged {
  const story = storyOf(books, ticketId);
  const first = eventOf(books, ticketId, name);
  const again = structuredClone(first);
  story.splice(story.indexOf(first) + 1, 0, again);
  renumber(books, ticketId, first.service);
  return again;
}

export function renumber(books: Draft, ticketId: string, service: Logged['service']): void {
  const own = storyOf(books, ticketId).filter((event) => event.service === service);
  for (const [index, event] of own.entries())
    Object.assign(event, { sequence: index + 1, id: `${ticketId}.1.${index + 1}`, digest: `${service} ${index + 1} ${event.name}` });
  const trail = books.trail.get(ticketId) ?? [];
  const kept = { service, epoch: 1, sequences: own.map(({ sequence }) => sequence), kept: own.map((event) => event.kept) };
  books.trail.set(ticketId, [...trail.filter((one) => one.service !== service), kept] as never);
  const row = books.schemas[service].rows.get(ticketId);
  if (row !== undefined) row.sequence = own.length;
  for (const { rows } of Object.values(books.schemas)) Object.assign(rows.get(ticketId)?.handled ?? {}, { [service]: [1, own.length] });
}

/** Says one more thing at the end of a story. */
export function say<N extends EventName>(books: Draft, ticketId: string, name: N, at: string, payload: Partial<EventPayload<N>>): void {
  const service = EVENTS[name].service as Logged['service'];
  const story = storyOf(books, ticketId);
  const about = { name, service, payload, time: new Date(on(at)).toISOString(), kept: `kept ${name} ${story.length}` };
  story.push({ ...story.at(-1), ...about } as unknown as Logged);
  renumber(books, ticketId, service);
}

export function forget(books: Draft, ticketId: string): void {
  for (const { rows } of Object.values(books.schemas)) rows.delete(ticketId);
  books.schemas['department-handler'].commands.delete('c-forgiven');
  books.commands.splice(
    books.commands.findIndex(({ commandId }) => commandId === 'c-forgiven'),
    1,
  );
}

/** Two events change places in the log and keep their numbers. */
export function swap(story: Story, one: EventName, other: EventName): void {
  const [a, b] = [one, other].map((name) => story.findIndex((event) => event.name === name)) as [number, number];
  [story[a], story[b]] = [story[b] as Logged, story[a] as Logged];
}

/** The last two of a story the other way round, numbered as they then stand. */
export function swapped(books: Draft, ticketId: string): Story {
  const [before, last] = storyOf(books, ticketId).slice(-2) as [Logged, Logged];
  const number = (event: Logged, { sequence, id }: Logged): Logged => ({ ...event, sequence, id });
  const trail = books.trail.get(ticketId)?.find(({ service }) => service === last.service);
  trail?.kept.splice(-2, 2, last.kept, before.kept);
  return [number(last, before), number(before, last)];
}
