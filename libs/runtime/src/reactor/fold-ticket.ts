import { RuntimeError } from '../errors.js';
import type { LogRecord } from '../kafka/log-record.js';
import { sqlVerdict } from '../postgres/sql-errors.js';
import { currentTraceparent, tracedFold } from '../tracing.js';
import { RetryLater, type Command, type Context, type Decide, type Message, type Notice, type Outcome } from './decision.js';
import { foldMessage, foldTimer, type NumberedEvent, type Step } from './fold.js';
import type { TicketRow } from './row.js';
import { recallEvent, recallWords, type OwnWord, type Recall, type RecalledCommand, type RecalledStep } from '../restore/recall.js';
import { commandOf, isRepeatable, type Item } from './work.js';

/** A record that waits behind its ticket; only the first of a ticket carries the error, the rest wait in order. */
export interface ParkedRecord {
  readonly record: LogRecord;
  readonly error?: { readonly code: string; readonly message: string };
}

export interface SaidNotice extends Notice {
  readonly traceparent?: string;
  /** Its number among the ticket's notices; none where the ticket has no row: a command for one that isn't there. */
  readonly number?: number;
}

export interface FoldedTicket<R, C extends Command> {
  readonly ticketId: string;
  readonly before: TicketRow<R>;
  readonly row: TicketRow<R>;
  readonly changed: boolean;
  readonly messages: readonly Message<C>[];
  readonly events: readonly (NumberedEvent & { readonly traceparent?: string; readonly causationId?: string })[];
  readonly timers: readonly { readonly name: string; readonly version: number; readonly dueAt: number }[];
  readonly notices: readonly SaidNotice[];
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** What is to be kept, so that a repeated command gets its first answer. */
  readonly settled: readonly { readonly command: C; readonly outcome: Outcome }[];
  readonly parked: readonly ParkedRecord[];
  /** Of a restored schema: own words of the log that have taken effect, and how many of the messages stand before each. */
  readonly recalled: readonly (OwnWord & { readonly after: number })[];
  /** Those that have taken none: their ticket is parked, or they could not be folded. */
  readonly unfolded: readonly OwnWord[];
  readonly noticesNotRepeated: number;
  /** Commands that those words tell of, in order. */
  readonly recalledCommands: readonly RecalledCommand[];
}

/** What a restored schema is told of one ticket by the log. */
export interface Memory {
  readonly words: readonly OwnWord[];
  /** Nothing else is to come: all words that are left take effect. */
  readonly whole: boolean;
}

export interface FoldTools<R, F, C extends Command> {
  readonly decide: Decide<R, F, C>;
  readonly context: Context<F>;
  readonly answer?: ((command: C, outcome: Outcome) => readonly Notice[]) | undefined;
  /** What became of a command before, under the same id. */
  readonly knownOutcome: (command: C) => Outcome | undefined;
  /** Makes an outcome of this transaction known to the rest of it: one id may come twice in a batch, for one ticket or for two. */
  readonly remember: (command: C, outcome: Outcome) => void;
  /** Only of a schema that was restored, until it knows what it said. */
  readonly restored?: {
    readonly recall: Recall<R, F>;
    readonly memoryOf: (ticketId: string) => Memory;
    readonly wasHandled: (record: LogRecord) => boolean;
  };
}

/** A timer has no record in the log; when deciding it throws, a record of this topic stands in for it: the timer is still armed, and replay fires it. */
export const TIMER_TOPIC = '@timer';

/**
 * Folds all items of one ticket in order. From the first that can't be processed on, everything that came over the log is parked; a person's command is
 * told so. What was folded before the failure stands.
 * @param poison set when SQL refused what this ticket wrote: then nothing of it is folded.
 */
export function foldTicket<R, F, C extends Command>(
  start: TicketRow<R>,
  items: readonly Item<C>[],
  tools: FoldTools<R, F, C>,
  poison?: { readonly code: string; readonly message: string },
): FoldedTicket<R, C> {
  let row = start;
  let changed = false;
  const messages: Message<C>[] = [];
  const events: FoldedTicket<R, C>['events'][number][] = [];
  const timers: FoldedTicket<R, C>['timers'][number][] = [];
  const notices: SaidNotice[] = [];
  const outcomes = new Map<string, Outcome>();
  const settled: { command: C; outcome: Outcome }[] = [];
  const parked: ParkedRecord[] = [];
  const { restored } = tools;
  const memory = restored?.memoryOf(start.ticketId);
  let words = memory?.words ?? [];
  const recalled: FoldedTicket<R, C>['recalled'][number][] = [];
  const recalledCommands: RecalledCommand[] = [];
  let noticesNotRepeated = 0;

  const take = (step: Step<R>, traceparent: string | undefined, causationId?: string): void => {
    row = step.row;
    changed ||= step.changed;
    const carry = traceparent === undefined ? {} : { traceparent };
    for (const event of step.events)
      events.push({ ...event, ...carry, ...(causationId !== undefined && event.byTimer === undefined && { causationId }) });
    for (const notice of step.notices) notices.push({ ...notice, ...carry });
    timers.push(...step.newTimers);
  };
  const takeRecalled = (told: RecalledStep<R>): void => {
    take(told.step, undefined);
    recalled.push(...told.taken.map((word, at) => ({ ...word, after: messages.length + (at < told.before ? 0 : 1) })));
    words = told.left;
    recalledCommands.push(...told.commands);
    noticesNotRepeated += told.noticesNotRepeated;
  };
  const park = (item: Item<C>, error?: ParkedRecord['error']): void => {
    // A command's caller is told; a timer is still armed, and replay fires it.
    if (item.kind === 'command' || (item.kind === 'timer' && error === undefined)) return;
    row = { ...row, parked: true };
    changed = true;
    parked.push({ record: item.kind === 'log' ? item.record : timerRecord(start.ticketId, item), ...(error && { error }) });
  };

  for (const item of items) {
    if (item.kind === 'command' && (row.parked || poison)) throw new RuntimeError('ticket-parked', `ticket ${start.ticketId} is parked`);
    if (row.parked) {
      park(item);
      continue;
    }
    if (poison) {
      park(item, poison);
      continue;
    }
    if (item.kind === 'log' && item.decoded.kind === 'unprocessable') {
      park(item, { code: item.decoded.code, message: item.decoded.detail });
      continue;
    }
    const command = commandOf(item);
    const known = command && tools.knownOutcome(command);
    if (command && known) {
      outcomes.set(command.commandId, known);
      if (item.kind === 'log') notices.push(...(tools.answer?.(command, known) ?? []));
      continue;
    }
    try {
      if (restored && item.kind === 'log' && item.decoded.kind === 'message' && item.decoded.message.kind === 'event') {
        const heard = item.decoded.message;
        const place = { offset: item.record.offset, wasHandled: restored.wasHandled(item.record) };
        const told = recallEvent(row, heard, place, words, { ...tools, recall: restored.recall });
        takeRecalled(told);
        if (told.step.changed) messages.push(heard);
        continue;
      }
      const { step, message, traceparent } = foldItem(row, item, tools);
      take(step, traceparent, command && isRepeatable(item) ? command.commandId : undefined);
      if (message && step.changed) messages.push(message);
      if (command && step.outcome) {
        outcomes.set(command.commandId, step.outcome);
        if (isRepeatable(item)) {
          settled.push({ command, outcome: step.outcome });
          tools.remember(command, step.outcome);
        }
        if (item.kind === 'log') notices.push(...(tools.answer?.(command, step.outcome) ?? []));
      }
    } catch (error) {
      if (error instanceof RetryLater || item.kind === 'command' || sqlVerdict(error) === 'transient') throw error;
      park(item, describe(error));
    }
  }
  let unfolded: readonly OwnWord[] = [];
  if (restored && memory?.whole === true && words.length > 0) {
    try {
      if (row.parked || poison) throw new RuntimeError('ticket-parked', `ticket ${start.ticketId} is parked`);
      takeRecalled(recallWords(row, words, { ...tools, recall: restored.recall }));
    } catch {
      // Named as such; their numbers are not given twice all the same.
      unfolded = words;
      row = { ...row, sequence: words.at(-1)?.event.sequence ?? row.sequence };
      changed = true;
    }
  }
  const armed = timers.filter((timer) => row.timers[timer.name]?.version === timer.version);
  const folded = {
    ticketId: start.ticketId,
    before: start,
    changed,
    messages,
    events,
    timers: armed,
    outcomes,
    settled,
    parked,
    recalled,
    unfolded,
    noticesNotRepeated,
    recalledCommands,
  };
  if (notices.length === 0 || (!changed && start.record === undefined)) return { ...folded, row, notices };
  // A refusal moves the row as well: a later notice must not pass for the next one while it waits.
  return { ...folded, changed: true, ...numberNotices(row, notices) };
}

/** A ticket's notices are numbered like its events, so that whoever sends them knows what is next. */
export function numberNotices<R>(
  row: TicketRow<R>,
  notices: readonly SaidNotice[],
): { readonly row: TicketRow<R>; readonly notices: readonly SaidNotice[] } {
  if (notices.length === 0) return { row, notices };
  return {
    row: { ...row, notices: row.notices + notices.length },
    notices: notices.map((notice, i) => ({ ...notice, number: row.notices + i + 1 })),
  };
}

function foldItem<R, F, C extends Command>(
  row: TicketRow<R>,
  item: Item<C>,
  tools: FoldTools<R, F, C>,
): { step: Step<R>; message?: Message<C>; traceparent?: string | undefined } {
  const { decide, context } = tools;
  if (item.kind === 'timer') {
    const dueAt = row.timers[item.name]?.dueAt ?? context.now;
    return { step: foldTimer(row, item, decide, context), message: { kind: 'timer', timer: { name: item.name, dueAt } } };
  }
  if (item.kind === 'command') {
    const message: Message<C> = { kind: 'command', command: item.command };
    return { step: foldMessage(row, message, decide, context), message, traceparent: item.traceparent ?? currentTraceparent() };
  }
  if (item.decoded.kind !== 'message') throw new RuntimeError('command-without-outcome', 'an unprocessable record reached the decision');
  const { message, traceparent } = item.decoded;
  const name = message.kind === 'event' ? message.event.name : message.kind === 'command' ? message.command.name : message.timer.name;
  return tracedFold(`decide ${name}`, traceparent, row.ticketId, (next) => ({
    step: foldMessage(row, message, decide, context),
    message,
    traceparent: next,
  }));
}

export function describe(error: unknown): { code: string; message: string } {
  const { code, name, message } =
    error instanceof Error ? (error as Error & { code?: unknown }) : { code: undefined, name: 'NonError', message: String(error) };
  // Postgres refuses NUL in text, and an error may quote what it choked on.
  return { code: typeof code === 'string' ? code : name, message: message.replaceAll('\u0000', '\\0').toWellFormed().slice(0, 2000) };
}

/** @see TIMER_TOPIC */
export function timerRecord(ticketId: string, timer: { readonly name: string; readonly version: number }): LogRecord {
  return {
    topic: `${TIMER_TOPIC}/${ticketId}/${timer.name}`,
    partition: 0,
    offset: timer.version,
    key: Buffer.from(ticketId),
    value: null,
    headers: {},
    timestamp: 0,
  };
}
