import { RuntimeError } from '../errors.js';
import type { Command, Context, Decide, Decision, Message, NewEvent, Notice, Outcome } from './decision.js';
import { isHandled, type ArmedTimer, type TicketRow } from './row.js';

export interface NumberedEvent {
  readonly event: NewEvent;
  readonly sequence: number;
  /** A timer that was due said it, after the message of the same fold: a command that came just then did not lead to it. */
  readonly byTimer?: true;
}

export interface NewTimer {
  readonly name: string;
  readonly version: number;
  readonly dueAt: number;
}

/** What one message did to one ticket. */
export interface Step<R> {
  readonly row: TicketRow<R>;
  readonly changed: boolean;
  readonly events: readonly NumberedEvent[];
  readonly newTimers: readonly NewTimer[];
  readonly notices: readonly Notice[];
  readonly outcome?: Outcome;
}

/** A decision may arm a timer that is due at once, which may arm another: more than this many in one fold is a loop, not a workflow. */
const DUE_TIMERS_PER_FOLD = 50;

export const unchanged = <R>(row: TicketRow<R>): Step<R> => ({ row, changed: false, events: [], newTimers: [], notices: [] });

/**
 * Folds one message into a ticket's row. Pure. Events handled before and timers no longer armed fall out here, at the cost of a comparison;
 * timers already due when armed are decided in the same fold. Whatever `decide` throws comes out unchanged: the caller parks the ticket.
 */
export function foldMessage<R, F, C extends Command>(
  row: TicketRow<R>,
  message: Message<C>,
  decide: Decide<R, F, C>,
  context: Context<F>,
): Step<R> {
  if (message.kind === 'event') {
    const { event } = message;
    if (isHandled(row, event)) return unchanged(row);
    const marked: TicketRow<R> = { ...row, handled: { ...row.handled, [event.service]: [event.epoch, event.sequence] } };
    return fireDue(apply(marked, decide(row.record, message, context), true), decide, context);
  }
  if (message.kind === 'timer') return fireDue(apply(row, decide(row.record, message, context), false), decide, context);
  const decision = decide(row.record, message, context);
  if (decision?.outcome === undefined) throw new RuntimeError('command-without-outcome', `no outcome for command ${message.command.name}`);
  // A refused command must leave no trace, whatever the decision carries beside the refusal.
  if (!decision.outcome.accepted) return { ...unchanged(row), notices: decision.notices ?? [], outcome: decision.outcome };
  return fireDue(apply(row, decision, false), decide, context);
}

/** Folds a timer that the scan found. A stale version (disarmed or armed anew since) does nothing. */
export function foldTimer<R, F, C extends Command>(
  row: TicketRow<R>,
  timer: { readonly name: string; readonly version: number },
  decide: Decide<R, F, C>,
  context: Context<F>,
): Step<R> {
  const armed = row.timers[timer.name];
  if (armed === undefined || armed.version !== timer.version || armed.dueAt > context.now) return unchanged(row);
  return fireDue(fire(row, timer.name, armed, decide, context), decide, context);
}

/** Fires every armed timer that is due. */
function fireDue<R, F, C extends Command>(step: Step<R>, decide: Decide<R, F, C>, context: Context<F>): Step<R> {
  let current = step;
  for (let fired = 0; ; fired += 1) {
    const due = earliestDue(current.row.timers, context.now);
    if (due === undefined) return current;
    if (fired >= DUE_TIMERS_PER_FOLD) throw new RuntimeError('timer-loop', `timer ${due[0]} keeps arming itself for the past`);
    const next = fire(current.row, due[0], due[1], decide, context);
    current = {
      row: next.row,
      changed: true,
      events: [...current.events, ...next.events.map((event) => ({ ...event, byTimer: true as const }))],
      newTimers: [...current.newTimers, ...next.newTimers],
      notices: [...current.notices, ...next.notices],
      ...(current.outcome && { outcome: current.outcome }),
    };
  }
}

function fire<R, F, C extends Command>(
  row: TicketRow<R>,
  name: string,
  armed: ArmedTimer,
  decide: Decide<R, F, C>,
  context: Context<F>,
): Step<R> {
  const { [name]: _fired, ...timers } = row.timers;
  return apply({ ...row, timers }, decide(row.record, { kind: 'timer', timer: { name, dueAt: armed.dueAt } }, context), true);
}

/** The armed timer that has been due for longest. */
export function earliestDue(timers: Readonly<Record<string, ArmedTimer>>, now: number): [string, ArmedTimer] | undefined {
  let found: [string, ArmedTimer] | undefined;
  for (const name in timers) {
    const armed = timers[name];
    if (armed && armed.dueAt <= now && (found === undefined || armed.dueAt < found[1].dueAt)) found = [name, armed];
  }
  return found;
}

/** The row after a decision, with what that says, arms and tells. */
export function apply<R>(row: TicketRow<R>, decision: Decision<R> | undefined, touched: boolean): Step<R> {
  if (decision === undefined) return { ...unchanged(row), changed: touched };
  let { sequence, timerVersion } = row;
  const events = (decision.events ?? []).map((event) => ({ event, sequence: (sequence += 1) }));
  const newTimers: NewTimer[] = [];
  let timers = row.timers;
  for (const change of decision.timers ?? []) {
    const { [change.name]: _previous, ...others } = timers;
    if (change.at === null) {
      timers = others;
      continue;
    }
    timerVersion += 1;
    timers = { ...others, [change.name]: { version: timerVersion, dueAt: change.at } };
    newTimers.push({ name: change.name, version: timerVersion, dueAt: change.at });
  }
  return {
    row: { ...row, sequence, timers, timerVersion, record: decision.record },
    changed: true,
    events,
    newTimers,
    notices: decision.notices ?? [],
    ...(decision.outcome && { outcome: decision.outcome }),
  };
}
