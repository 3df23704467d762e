import { EVENTS, eventProblems, type EventName } from '@paidan/contracts';
import { isDeepStrictEqual } from 'node:util';
import type { Command, Decide, Decision, Message } from '../reactor/decision.js';
import type { Step } from '../reactor/fold.js';
import type { TicketRow } from '../reactor/row.js';
import type { Payload } from './story.kit.js';

/** The table of a service's life: from each status, what moves it and where to; `same` changes what is known of it alone. */
export type Transitions = Readonly<Record<string, Readonly<Partial<Record<string, readonly string[] | 'same'>>>>>;

/** A service's decider, and what a story about it needs. */
export interface Told<R extends { readonly status: string }, F, C extends Command> {
  readonly service: string;
  readonly ticketId: string;
  /** Epoch ms; {@link STORY_START} if it doesn't matter. */
  readonly start?: number;
  readonly decide: Decide<R, F, C>;
  readonly factsAt: (now: number) => F;
  readonly command: (said: { name: string; payload: Payload; by: string; commandId: string }) => C;
  /** The payload made to be about what is current: the assignment that is held, the reply that waits. */
  readonly aim: (name: string, payload: Payload, record: R | undefined) => Payload;
  readonly transitions: Transitions;
  /** The table's row for a ticket nobody has heard of. */
  readonly unheard: string;
  /** The table's name for an event; an event it has no name for stays itself. */
  readonly triggerOf?: (name: string) => string;
  /** What of a record moves with every message and is no change of it. */
  readonly but?: readonly (keyof R)[];
  /** Timers that may be armed in a status; none where it is not named. */
  readonly timers: Readonly<Partial<Record<R['status'], readonly string[]>>>;
  /** What else must be true of a decision that is no refusal. */
  readonly checkDecision?: (before: R | undefined, message: Message<C>, decision: Decision<R>, now: number) => void;
  /** What else must be true whenever something has been folded. */
  readonly checkRow?: (row: TicketRow<R>, said: readonly Said[]) => void;
}

/** An event as the service said it. */
export interface Said {
  readonly name: EventName;
  readonly payload: Payload;
}

/** What Postgres refuses in jsonb: NUL, and half a character. */
const UNSTORABLE = /\\u0000|\\ud[89a-f][0-9a-f]{2}/i;

export function reread<R>(row: TicketRow<R>): TicketRow<R> {
  const text = JSON.stringify(row);
  must('Postgres can keep the record', !UNSTORABLE.test(text), row.record);
  const read = JSON.parse(text) as TicketRow<R>;
  // JSON has neither undefined nor NaN: what is kept must be what was decided.
  must('the record is the same when it is read again', isDeepStrictEqual(read.record, row.record), row.record);
  return { ...read, record: read.record };
}

/** @returns the way of the table that it is, if it changes or says anything */
export function checkDecision<R extends { readonly status: string }, F, C extends Command>(
  told: Told<R, F, C>,
  before: R | undefined,
  message: Message<C>,
  decision: Decision<R> | undefined,
): string | undefined {
  const events = decision?.events ?? [];
  for (const { name, payload } of events) {
    must('an event is its own service’s to say', EVENTS[name].service === told.service, name);
    const problems = eventProblems(name, payload);
    must('an event keeps the promises of its schema', problems.length === 0, { name, payload, problems });
  }
  const outcome = decision?.outcome;
  must('who commands is answered', message.kind !== 'command' || outcome !== undefined, message);
  const silent = events.length === 0 && decision?.timers === undefined && decision?.notices === undefined;
  must('a refusal says and does nothing', outcome?.accepted !== false || silent, decision);
  if (decision === undefined || decision.outcome?.accepted === false) return undefined;

  const { record } = decision;
  const same = before !== undefined && isDeepStrictEqual(bare(told, record), bare(told, before));
  if (same && events.length === 0 && message.kind !== 'command') return undefined;
  const from = before?.status ?? told.unheard;
  const name = message.kind === 'event' ? message.event.name : message.kind === 'command' ? message.command.name : message.timer.name;
  const trigger = message.kind === 'event' ? (told.triggerOf?.(name) ?? name) : name;
  const targets = told.transitions[from]?.[trigger];
  const allowed: readonly string[] = targets === 'same' ? [from] : (targets ?? []);
  must('the table has the way', allowed.includes(record.status), { from, trigger, to: record.status, allowed, events });
  return `${from} ${trigger} ${targets === 'same' ? 'same' : record.status}`;
}

function bare<R extends { readonly status: string }, F, C extends Command>({ but = [] }: Told<R, F, C>, record: R): Partial<R> {
  const rest: Partial<R> = { ...record };
  for (const member of but) delete rest[member];
  return rest;
}

export function checkTimers<R extends { readonly status: string }, F, C extends Command>(
  told: Told<R, F, C>,
  { row, changed }: Step<R>,
  now: number,
): void {
  const status = row.record?.status as R['status'] | undefined;
  const possible = status === undefined ? [] : (told.timers[status] ?? []);
  for (const [name, { dueAt }] of Object.entries(row.timers)) {
    must('the status has the timer', possible.includes(name), { status, name, possible });
    must('a timer is armed for later', Number.isSafeInteger(dueAt) && (!changed || dueAt > now), { name, dueAt, now });
  }
}

/** An assertion for what is checked at each step of each story: Jest's `expect` took three quarters of the time. */
export function must(what: string, holds: boolean, found: unknown): void {
  if (!holds) throw new Error(`${what}: ${JSON.stringify(found, null, 1)}`);
}

/** Each way of a table, like {@link live} tells those it went. */
export const waysOf = (transitions: Transitions): string[] =>
  Object.entries(transitions).flatMap(([from, row]) =>
    Object.entries(row).flatMap(([trigger, targets = []]) =>
      targets === 'same' ? [`${from} ${trigger} same`] : targets.map((target) => `${from} ${trigger} ${target}`),
    ),
  );
