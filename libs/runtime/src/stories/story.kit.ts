import { EVENTS, eventProblems, type EventName, type TicketEvent } from '@paidan/contracts';
import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import type { Command, Context, Decide, Decision, Message } from '../reactor/decision.js';
import { foldMessage, foldTimer, type Step } from '../reactor/fold.js';
import { isHandled, newRow, type Mark, type TicketRow } from '../reactor/row.js';
import { arbitraryOf, type JsonSchema, type Names } from './arbitrary.kit.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type Payload = Readonly<Record<string, unknown>>;

/** Something that happens to a ticket, chosen before its state is known. `after`: milliseconds since what happened before. */
export type Happening = { readonly after: number } & (
  | {
      readonly kind: 'event';
      readonly name: EventName;
      readonly payload: Payload;
      /** About what is current, where the decider has a word for that; else as chance wants it: late, early, of another assignment. */
      readonly aimed: boolean;
      /** Milliseconds between the word and its being heard; negative where the clocks differ. */
      readonly late: number;
      /** `again`: under the number that was handled last; `restored`: by a service that counts on from an older back-up. */
      readonly numbered: 'next' | 'again' | 'restored';
    }
  | { readonly kind: 'command'; readonly name: string; readonly payload: Payload; readonly by: string; readonly aimed: boolean }
  /** `next`: the clock goes on to the next timer that is armed; `stale`: one fires whose version is no longer that of the row. */
  | { readonly kind: 'timer'; readonly which: 'next' | 'stale' }
);

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

export const STORY_START = Date.parse('2026-03-02T02:00:00.000Z');

/** Instants around a story's. */
export const instantsFrom = (start: number): fc.Arbitrary<string> =>
  fc.integer({ min: -3 * 24, max: 60 * 24 }).map((hours) => new Date(start + hours * HOUR).toISOString());
export const instants = instantsFrom(STORY_START);

const pauses = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0) },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 90 * MINUTE }) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 80 * HOUR }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 40 * DAY }) },
);

export interface Cast {
  /** Weighted: what is named twice happens twice as often. */
  readonly events: readonly EventName[];
  readonly commands: Readonly<Record<string, JsonSchema>>;
  /** Who gives commands. */
  readonly by: readonly string[];
  readonly names: Names;
  /** How a story may have begun, by names of events and commands; pure chance alone seldom gets as far as a reply. */
  readonly openings: readonly (readonly string[])[];
  /** Of ten things that happen, so many are commands; of the rest one in nine is a timer. */
  readonly commandsInTen: number;
}

/** Stories: anything that may happen, well-formed by the schemas, in any order. */
export const stories = (
  { events, commands, by, names, openings, commandsInTen }: Cast,
  maxLength = 25,
): fc.Arbitrary<readonly Happening[]> => {
  const aimed = fc.integer({ min: 0, max: 9 }).map((n) => n > 1);
  const late = fc.oneof(
    { weight: 6, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: fc.integer({ min: -5 * MINUTE, max: 12 * DAY }) },
  );
  const numbered = fc.oneof(
    { weight: 30, arbitrary: fc.constant('next' as const) },
    { weight: 2, arbitrary: fc.constant('again' as const) },
    { weight: 1, arbitrary: fc.constant('restored' as const) },
  );
  const payloadOf = (schema: JsonSchema) => arbitraryOf(schema, names) as fc.Arbitrary<Payload>;
  const eventOf = (name: EventName): fc.Arbitrary<Happening> => {
    const payload = payloadOf(EVENTS[name].schema as object as JsonSchema);
    return fc.record({ kind: fc.constant('event'), name: fc.constant(name), payload, aimed, late, numbered, after: pauses });
  };
  const commandOf = (name: string, schema: JsonSchema): fc.Arbitrary<Happening> => {
    const payload = payloadOf(schema);
    return fc.record({ kind: fc.constant('command'), name: fc.constant(name), payload, by: fc.constantFrom(...by), aimed, after: pauses });
  };
  const timer: fc.Arbitrary<Happening> = fc.record({
    kind: fc.constant('timer'),
    which: fc.constantFrom('next', 'next', 'stale'),
    after: pauses,
  });
  const given = Object.entries(commands).map(([name, schema]) => commandOf(name, schema));
  const happening = fc.oneof(
    ...(events.length === 0 ? [] : [{ weight: 8 * (10 - commandsInTen), arbitrary: fc.oneof(...events.map(eventOf)) }]),
    ...(given.length === 0 ? [] : [{ weight: 9 * commandsInTen, arbitrary: fc.oneof(...given) }]),
    { weight: 10 - commandsInTen, arbitrary: timer },
  );
  const straight = (name: string): fc.Arbitrary<Happening> => {
    const schema = commands[name];
    const any = schema === undefined ? eventOf(name as EventName) : commandOf(name, schema);
    return any.map((one) => ({ ...one, aimed: true, late: 0, numbered: 'next', after: 0 }) as Happening);
  };
  const opening = fc.oneof(...openings.map((begun) => fc.tuple(...begun.map(straight))));
  return fc.tuple(opening, fc.array(happening, { maxLength, size: 'max' })).map(([begun, rest]) => [...begun, ...rest]);
};

/** What Postgres refuses in jsonb: NUL, and half a character. */
const UNSTORABLE = /\\u0000|\\ud[89a-f][0-9a-f]{2}/i;

/**
 * Lives a story through the runtime's fold, the row going through JSON after each step as it does through Postgres, and checks what is true of every
 * decider: it never throws; what it says is its own to say and keeps every promise of its schema; who commands is answered, and a refusal says and changes
 * nothing; the record moves, and is spoken of, as the table says and no other way; timers are armed only where the table has them, and for later; what was
 * handled before and a timer that is no longer armed change nothing.
 * @returns the ways of the table that it went, like `held assign assigned`
 */
export function live<R extends { readonly status: string }, F, C extends Command>(
  told: Told<R, F, C>,
  story: readonly Happening[],
): { readonly row: TicketRow<R>; readonly said: readonly Said[]; readonly ways: readonly string[] } {
  let row = newRow<R>(told.ticketId);
  let now = told.start ?? STORY_START;
  let ids = 0;
  const newId = (): string => `0193a3c2-0000-7000-8000-${String((ids += 1)).padStart(12, '0')}`;
  const said: Said[] = [];
  const ways: string[] = [];

  const decide: Decide<R, F, C> = (before, message, context) => {
    const decision = told.decide(before, message, context);
    const way = checkDecision(told, before, message, decision);
    if (way !== undefined) ways.push(way);
    if (decision !== undefined && decision.outcome?.accepted !== false) told.checkDecision?.(before, message, decision, now);
    return decision;
  };
  const context = (): Context<F> => ({ now, facts: told.factsAt(now), newId });

  for (const happening of story) {
    now += happening.after;
    const step = happening.kind === 'timer' ? fireTimer(happening.which) : happen(happening);
    must(
      'events are numbered on',
      step.events.every(({ sequence }, i) => sequence === row.sequence + i + 1),
      step.events,
    );
    said.push(...step.events.map(({ event: { name, payload } }) => ({ name, payload })));
    row = reread(step.row);
    checkTimers(told, step, now);
    told.checkRow?.(row, said);
  }
  return { row, said, ways };

  function fireTimer(which: 'next' | 'stale'): Step<R> {
    const [name, armed] = Object.entries(row.timers).sort(([, a], [, b]) => a.dueAt - b.dueAt)[0] ?? ['never-armed', undefined];
    now = Math.max(now, armed?.dueAt ?? 0);
    const stale = foldTimer(row, { name, version: (armed?.version ?? 1) - 1 }, decide, context());
    must('a timer no longer armed changes nothing', !stale.changed, { name, armed });
    return which === 'stale' || armed === undefined ? stale : foldTimer(row, { name, version: armed.version }, decide, context());
  }

  function happen(happening: Exclude<Happening, { kind: 'timer' }>): Step<R> {
    const { name, aimed } = happening;
    const payload = aimed ? told.aim(name, happening.payload, row.record) : happening.payload;
    if (happening.kind === 'command') {
      const command = told.command({ name, payload, by: happening.by, commandId: newId() });
      return foldMessage(row, { kind: 'command', command }, decide, context());
    }
    const service = EVENTS[happening.name].service;
    const mark = markFor(row.handled[service], happening.numbered);
    const time = new Date(now - happening.late).toISOString();
    const event = { name, service, ticketId: told.ticketId, ...mark, time, payload, id: newId() } as unknown as TicketEvent;
    const step = foldMessage(row, { kind: 'event', event }, decide, context());
    must('what was handled before changes nothing', !(isHandled(row, event) && step.changed), event);
    return step;
  }
}

function markFor(handled: Mark | undefined, numbered: 'next' | 'again' | 'restored') {
  const [epoch, last] = handled ?? [1, 0];
  if (numbered === 'again' && last > 0) return { epoch, sequence: last };
  return numbered === 'restored' ? { epoch: epoch + 1, sequence: Math.max(1, last - 1) } : { epoch, sequence: last + 1 };
}

function reread<R>(row: TicketRow<R>): TicketRow<R> {
  const text = JSON.stringify(row);
  must('Postgres can keep the record', !UNSTORABLE.test(text), row.record);
  const read = JSON.parse(text) as TicketRow<R>;
  // JSON has neither undefined nor NaN: what is kept must be what was decided.
  must('the record is the same when it is read again', isDeepStrictEqual(read.record, row.record), row.record);
  return { ...read, record: read.record };
}

/** @returns the way of the table that it is, if it changes or says anything */
function checkDecision<R extends { readonly status: string }, F, C extends Command>(
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

function checkTimers<R extends { readonly status: string }, F, C extends Command>(
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
