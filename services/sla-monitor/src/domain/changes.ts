import type { MoveReason } from '@paidan/contracts';
import type { Calendar } from '@paidan/kernel';
import type { NewEvent } from '@paidan/runtime';
import { cardInstant, isRunning, isUnsaid, judge, said, settle, type Card, type Clock } from './clock.js';
import type { Policy } from './policy.js';

/** Clocks after something happened, and what is to be said of it. */
export interface Changed {
  readonly clocks: readonly Clock[];
  readonly events: readonly NewEvent[];
}

/** By what clocks are moved: those the ticket was registered under, or shorter ones since it was found more urgent; and the calendar of today. */
export interface Rules {
  readonly policy: Policy;
  readonly calendar: Calendar;
}

type Stopped = Clock & Required<Pick<Clock, 'stopped'>>;

/** Texts of instants: clocks that start together share theirs, and a city's tickets their close of business. Writing one anew took a tenth of a decision. */
const texts = new Map<number, string>();
const MOST_TEXTS = 2_000;

export function iso(at: number): string {
  const known = texts.get(at);
  if (known !== undefined) return known;
  if (texts.size >= MOST_TEXTS) texts.clear();
  const text = new Date(at).toISOString();
  texts.set(at, text);
  return text;
}

const about = ({ assignment, unit }: Clock) => ({
  ...(assignment === undefined ? {} : { assignment }),
  ...(unit === undefined ? {} : { unit }),
});

const start = ({ clock, span, startedAt, dueAt, awaitsYear }: Clock) => ({
  clock,
  span,
  startedAt: iso(startedAt),
  ...(dueAt === undefined ? {} : { dueAt: iso(dueAt) }),
  ...(awaitsYear === undefined ? {} : { awaitsYear }),
});

/** Starts of clocks that belong to one assignment, with the citizen's if nothing was said of it; or of the citizen's alone: one event. */
export const started = (clocks: readonly [Clock, ...Clock[]], { code, version }: Policy, citizens?: Clock): NewEvent => ({
  name: 'clock.started',
  payload: {
    ...about(clocks[0]),
    policy: { code, version },
    clocks: clocks.map(start),
    ...(citizens === undefined ? {} : { citizens: start(citizens) }),
  },
});

/** Says that the citizen's clock runs, if nobody was told. No event may speak of a clock before: whoever reads the log would know nothing of it. */
export function sayStarted(clocks: readonly Clock[], policy: Policy): Changed {
  const unsaid = clocks.find(isUnsaid);
  return unsaid === undefined ? { clocks, events: [] } : { clocks: clocks.map(said), events: [started([unsaid], policy)] };
}

/**
 * Stops those of the running clocks that are chosen, at an instant: the event's own time, which also says whether a card issued meanwhile was wrong.
 * `moot` stops without a verdict.
 */
export function stop(clocks: readonly Clock[], at: number, chosen: (clock: Clock) => boolean, moot?: 'moot'): Changed {
  const ended: Stopped[] = [];
  const withdrawals: NewEvent[] = [];
  const after = clocks.map((clock) => {
    if (!isRunning(clock) || !chosen(clock)) return clock;
    const because = moot ?? judge(clock, at);
    const [cards, events] = withdraw(clock, ({ at: issuedFor }) => at <= issuedFor, TIMELY);
    withdrawals.push(...events);
    if (because === 'unjudged') return { ...clock, ...cards, unjudged: at };
    const stopped: Stopped = { ...clock, ...cards, stopped: { at, because } };
    ended.push(stopped);
    return stopped;
  });
  return { clocks: after, events: [...stops(ended), ...withdrawals] };
}

/** What was stopped: one event for each assignment, and one for the citizen's clock. */
function stops(ended: readonly Stopped[]): NewEvent[] {
  const groups = new Map<number | undefined, [Stopped, ...Stopped[]]>();
  for (const clock of ended) {
    const group = groups.get(clock.assignment);
    if (group === undefined) groups.set(clock.assignment, [clock]);
    else group.push(clock);
  }
  return [...groups.values()].map((group): NewEvent => ({
    name: 'clock.stopped',
    payload: {
      ...about(group[0]),
      clocks: group.map(({ clock, stopped: { at, because } }) => ({ clock, because, stoppedAt: iso(at) })),
    },
  }));
}

const TIMELY = { rule: 'timely-word-arrived-late', note: '时限前作出的办理，到达较晚' };
const CORRECTED = { rule: 'calendar-corrected', note: '工作日历已更正，当时并未超期' };

export interface Move {
  readonly because: MoveReason;
  /** When it was said. Absent for the calendar, which was always so. */
  readonly at?: number;
  readonly change: (clock: Clock) => Clock;
}

/** Moves those of the running clocks that are chosen. A card is withdrawn if what came was said before it was due, and moves what it was issued for. */
export function move(
  clocks: readonly Clock[],
  chosen: (clock: Clock) => boolean,
  { because, at, change }: Move,
  { policy, calendar }: Rules,
): Changed {
  const events: NewEvent[] = [];
  const after = clocks.map((before) => {
    if (!isRunning(before) || !chosen(before)) return before;
    const clock = settle(change(before), calendar);
    if (clock.dueAt !== before.dueAt || clock.awaitsYear !== before.awaitsYear) events.push(moved(before, clock, because));
    // A card for a deadline that was moved since it passed was right then; a corrected calendar says nothing about it.
    const concerned = (card: Card): boolean => (at === undefined ? card.dueAt === before.dueAt : at <= card.at);
    const unfounded = (card: Card): boolean => concerned(card) && (cardInstant(clock, card.colour, policy, calendar) ?? Infinity) > card.at;
    const [cards, withdrawals] = withdraw(clock, unfounded, because === 'calendar-loaded' ? CORRECTED : TIMELY);
    events.push(...withdrawals);
    return { ...clock, ...cards };
  });
  return { clocks: after, events };
}

const moved = (before: Clock, after: Clock, because: MoveReason): NewEvent => ({
  name: 'deadline.moved',
  payload: {
    clock: after.clock,
    ...about(after),
    because,
    ...(before.dueAt === undefined ? {} : { from: iso(before.dueAt) }),
    ...(after.dueAt === undefined ? {} : { to: iso(after.dueAt) }),
    ...(after.awaitsYear === undefined ? {} : { awaitsYear: after.awaitsYear }),
  },
});

function withdraw(
  { cards = [], unit, assignment }: Clock,
  unfounded: (card: Card) => boolean,
  { rule, note }: { readonly rule: string; readonly note: string },
): [{ readonly cards?: readonly Card[] }, NewEvent[]] {
  const taken = cards.filter((card) => card.withdrawn === undefined && unfounded(card));
  if (taken.length === 0 || unit === undefined) return [{}, []];
  const events = taken.map(({ card, colour }): NewEvent => ({
    name: 'card.withdrawn',
    payload: { card, colour, unit, ...(assignment === undefined ? {} : { assignment }), by: { kind: 'rule', rule }, note },
  }));
  return [{ cards: cards.map((card) => (taken.includes(card) ? { ...card, withdrawn: true } : card)) }, events];
}

/** Deadlines as they are under the calendar in force, and verdicts that waited for it. */
export function recompute(clocks: readonly Clock[], rules: Rules): Changed {
  const judged: Stopped[] = [];
  const settled = clocks.map((clock) => {
    if (clock.unjudged === undefined) return clock;
    const { unjudged: at, ...rest } = clock;
    const now = settle(rest, rules.calendar);
    const because = judge(now, at);
    if (because === 'unjudged') return clock;
    const stopped: Stopped = { ...now, stopped: { at, because } };
    judged.push(stopped);
    return stopped;
  });
  const running = move(settled, () => true, { because: 'calendar-loaded', change: (clock) => clock }, rules);
  return { clocks: running.clocks, events: [...stops(judged), ...running.events] };
}
