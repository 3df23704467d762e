import { URGENCY, type Span, type Urgency } from '@paidan/contracts';
import { memberOf, type Calendar } from '@paidan/kernel';
import { move, type Changed, type Rules } from './changes.js';
import { isCitizens, isRunning, isUnsaid, settle, type Clock } from './clock.js';
import { later } from './deadline.js';
import { policyFor, type Policies, type Policy } from './policy.js';

/** What a ticket's limits are chosen by; absent on tickets of earlier releases, which keep the limits they have. */
export interface Kind {
  readonly appealType: string;
  /** The highest that was said of it. */
  readonly urgency: Urgency;
}

export interface Raised {
  readonly kind: Kind;
  readonly policy: Policy;
}

const isUrgency = memberOf(URGENCY);

/**
 * The limits once dispatch's rules have found a ticket more urgent than it was registered; nothing where they haven't. Each is the shorter one of those it had
 * and those of the new urgency: a city's table may have one that is longer, and nobody who waits is told to wait longer because it is urgent.
 * @param since what the limits are measured from, epoch ms
 */
export function raisedBy(
  { kind, policy }: { readonly kind?: Kind; readonly policy: Policy },
  urgency: string | undefined,
  since: number,
  { calendar, policies }: { readonly calendar: Calendar; readonly policies: Policies },
): Raised | undefined {
  if (kind === undefined || !isUrgency(urgency) || URGENCY.indexOf(urgency) <= URGENCY.indexOf(kind.urgency)) return undefined;
  const raised = policyFor(policies, kind.appealType, urgency);
  const shorter = (limit: 'sign' | 'respond' | 'finish' | 'redAfter'): Span => shorterOf(calendar, since, policy[limit], raised[limit]);
  const finish = shorter('finish');
  return {
    kind: { ...kind, urgency },
    policy: {
      ...{ code: raised.code, version: raised.version },
      ...{ sign: shorter('sign'), respond: shorter('respond'), finish, redAfter: shorter('redAfter') },
      // So long before that very deadline.
      warnBefore: finish === raised.finish ? raised.warnBefore : policy.warnBefore,
    },
  };
}

const shorterOf = (calendar: Calendar, since: number, had: Span, raised: Span): Span => {
  const [before, after] = [later(calendar, since, had), later(calendar, since, raised)];
  // Both in a year that isn't published.
  if (before === undefined && after === undefined) return had.unit === raised.unit && raised.count < had.count ? raised : had;
  return (after ?? Infinity) <= (before ?? Infinity) ? raised : had;
};

/**
 * The clocks under limits that became shorter, from what was said at an instant on. Only the citizen's is concerned: those of an assignment start with it, under
 * the limits of that moment. Nobody has to be told that a clock moved of which nobody was told.
 */
export function shorten(clocks: readonly Clock[], at: number, rules: Rules): Changed {
  const change = (clock: Clock): Clock => shortened(clock, at, rules);
  const silent = clocks.map((clock) => (isUnsaid(clock) ? change(clock) : clock));
  const chosen = (clock: Clock): boolean => isCitizens(clock) && !isUnsaid(clock);
  return move(silent, chosen, { because: 'urgency-raised', at, change }, rules);
}

/** Counted from its start as ever; never later than it was due. */
function shortened(clock: Clock, at: number, { policy: { finish }, calendar }: Rules): Clock {
  if (!isRunning(clock) || (finish.count === clock.span.count && finish.unit === clock.span.unit)) return clock;
  const next = settle({ ...clock, span: finish, shortened: { from: clock.span, at } }, calendar);
  return clock.dueAt !== undefined && (next.dueAt ?? Infinity) > clock.dueAt ? clock : next;
}
