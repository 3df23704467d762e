import type { CardColour, Span, StopReason } from '@paidan/contracts';
import { type Calendar, firstDayOf, startOf } from '@paidan/kernel';
import { deadlineOf, earlier, later, type Pause, type Running } from './deadline.js';
import type { Policy } from './policy.js';

/** Immutable but for being withdrawn, which is a second record: the event that says so. */
export interface Card {
  readonly card: string;
  readonly colour: CardColour;
  /** The stage's own instant; issued later, when the log had been read past it. */
  readonly at: number;
  readonly dueAt: number;
  readonly issuedAt: number;
  readonly withdrawn?: true;
}

/** A time limit that runs, or ran. All instants of the record are epoch milliseconds. */
export interface Clock extends Running {
  readonly clock: 'sign' | 'respond' | 'finish';
  /** Of the assignment's clocks; the citizen's own has neither. */
  readonly assignment?: number;
  readonly unit?: string;
  /** The limit that it had before dispatch found the ticket more urgent, and when that was said. */
  readonly shortened?: { readonly from: Span; readonly at: number };
  /** As computed last; absent while work is suspended or the year is unpublished. */
  readonly dueAt?: number;
  readonly awaitsYear?: number;
  /** The deadline that was warned of. */
  readonly warned?: number;
  readonly cards?: readonly Card[];
  readonly stopped?: { readonly at: number; readonly because: StopReason };
  /** Stopped in a year whose calendar is unpublished: whether in time can be said only when it is. */
  readonly unjudged?: number;
  /** It runs and nobody was told. The citizen's, which starts a moment before its ticket is assigned, is told with the assignment's in one event. */
  readonly unsaid?: true;
}

export const isRunning = (clock: Clock): boolean => clock.stopped === undefined && clock.unjudged === undefined;
export const isCitizens = (clock: Clock): boolean => clock.assignment === undefined;
export const isUnsaid = (clock: Clock): boolean => clock.unsaid === true;

/** A clock that everybody knows to run; itself if it is one. */
export function said(clock: Clock): Clock {
  if (!isUnsaid(clock)) return clock;
  const { unsaid: _unsaid, ...rest } = clock;
  return rest;
}

/** A clock with the deadline that follows from it today; itself if that is the one it has. */
export function settle(clock: Clock, calendar: Calendar): Clock {
  const deadline = deadlineOf(calendar, clock);
  const dueAt = deadline.kind === 'due' ? deadline.at : undefined;
  const awaitsYear = deadline.kind === 'awaits-year' ? deadline.year : undefined;
  if (clock.dueAt === dueAt && clock.awaitsYear === awaitsYear) return clock;
  const { dueAt: _due, awaitsYear: _year, ...rest } = clock;
  return { ...rest, ...(dueAt !== undefined && { dueAt }), ...(awaitsYear !== undefined && { awaitsYear }) };
}

export function startClock(about: Pick<Clock, 'clock' | 'assignment' | 'unit'>, span: Span, startedAt: number, calendar: Calendar): Clock {
  const deadline = deadlineOf(calendar, { span, startedAt });
  return deadline.kind === 'due' ? { ...about, span, startedAt, dueAt: deadline.at } : settle({ ...about, span, startedAt }, calendar);
}

/** Suspended from an instant on, never before what is past already. */
export const paused = (clock: Clock, from: number): Clock => {
  const pauses = clock.pauses ?? [];
  return isPaused(clock) ? clock : { ...clock, pauses: [...pauses, { from: Math.max(from, pauses.at(-1)?.to ?? from) }] };
};

/** Going on from an instant on. A suspension of no length is none. */
export const resumed = (clock: Clock, to: number): Clock => {
  const last = clock.pauses?.at(-1);
  if (last === undefined || last.to !== undefined) return clock;
  const before: readonly Pause[] = clock.pauses?.slice(0, -1) ?? [];
  return { ...clock, pauses: to > last.from ? [...before, { from: last.from, to }] : before };
};

export const isPaused = ({ pauses }: Clock): boolean => {
  const last = pauses?.at(-1);
  return last !== undefined && last.to === undefined;
};

export const extended = (clock: Clock, by: Span): Clock => ({ ...clock, extensions: [...(clock.extensions ?? []), by] });

/** Judged by the event's own time. `unjudged`: the deadline lies in a year that is unpublished, and so may the word. */
export function judge({ dueAt, awaitsYear }: Clock, at: number): 'met' | 'missed' | 'unjudged' {
  if (dueAt !== undefined) return at <= dueAt ? 'met' : 'missed';
  // Suspended, or surely before a deadline that lies in the awaited year or after it.
  return awaitsYear === undefined || at < startOf(firstDayOf(awaitsYear)) ? 'met' : 'unjudged';
}

/** What happens to a clock next if nobody does anything. */
export type Stage = { readonly stage: 'warning' | CardColour; readonly at: number };

/** Cards that stand. */
export const standing = ({ cards = [] }: Clock): readonly Card[] => cards.filter(({ withdrawn }) => withdrawn === undefined);

const hasCard = (clock: Clock, colour: CardColour): boolean => standing(clock).some((card) => card.colour === colour);

/**
 * The next stage of a clock. Finishing an assignment: a warning, a yellow card at the deadline, a red one after it. Signing and the first contact: a yellow
 * card. The citizen's clock is only warned of: no unit answers for the whole of it.
 */
export function nextStage(clock: Clock, policy: Policy, calendar: Calendar): Stage | undefined {
  const { dueAt, warned, pauses } = clock;
  if (!isRunning(clock) || dueAt === undefined) return undefined;
  if (clock.clock === 'finish' && warned !== dueAt && !hasCard(clock, 'yellow')) {
    const at = earlier(calendar, dueAt, policy.warnBefore, pauses);
    if (at !== undefined && at > clock.startedAt) return { stage: 'warning', at };
  }
  if (isCitizens(clock)) return undefined;
  if (!hasCard(clock, 'yellow')) return { stage: 'yellow', at: dueAt };
  if (clock.clock !== 'finish' || hasCard(clock, 'red')) return undefined;
  const at = cardInstant(clock, 'red', policy, calendar);
  return at === undefined ? undefined : { stage: 'red', at };
}

/** When a card of a colour is due under what is known of the clock; never while that is suspended. */
export function cardInstant({ dueAt, pauses }: Clock, colour: CardColour, policy: Policy, calendar: Calendar): number | undefined {
  if (dueAt === undefined || colour === 'yellow') return dueAt;
  return later(calendar, dueAt, policy.redAfter, pauses);
}

/** Whether something can't be known before a calendar is published: the deadline, whether it was met, or when the red card is due. */
export const awaitsCalendar = (clock: Clock, policy: Policy, calendar: Calendar): boolean => {
  if (clock.awaitsYear !== undefined) return clock.stopped === undefined;
  if (!isRunning(clock) || isPaused(clock) || isCitizens(clock) || clock.clock !== 'finish') return false;
  return hasCard(clock, 'yellow') && !hasCard(clock, 'red') && cardInstant(clock, 'red', policy, calendar) === undefined;
};
