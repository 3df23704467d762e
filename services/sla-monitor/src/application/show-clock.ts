import type { Calendar } from '@paidan/kernel';
import { cardInstant, isCitizens, isPaused, isRunning, standing, type Clock } from '../domain/clock.js';
import { deadlineOf, earlier } from '../domain/deadline.js';
import { explain, type CountedDay } from '../domain/explain.js';
import type { Policy } from '../domain/policy.js';
import type { Registered, TicketClocks } from '../domain/ticket-clocks.js';
import { slaError } from '../errors.js';

/**
 * An officer sees the citizen's clocks, and those of assignments of the own unit.
 * @param onlyUnit the unit whose clocks alone may be seen; undefined for who may see those of all
 * @throws PaidanError `unknown-ticket`, `not-your-ticket`
 */
export function clocksFor(ticket: TicketClocks | undefined, onlyUnit: () => string | undefined): Registered {
  if (ticket === undefined || ticket.status === 'unregistered') throw slaError('unknown-ticket', 'there is no such ticket');
  const unit = onlyUnit();
  if (unit === undefined) return ticket;
  const clocks = ticket.clocks.filter((clock) => isCitizens(clock) || clock.unit === unit);
  if (clocks.every(isCitizens)) throw slaError('not-your-ticket', 'the ticket was never with this unit');
  return { ...ticket, clocks };
}

export interface StageSeen {
  readonly stage: 'warning' | 'yellow' | 'red';
  /** Absent while it has none: work is suspended, or a year unpublished. */
  readonly at?: number;
  readonly state: 'ahead' | 'happened' | 'withdrawn' | 'spared';
}

/** The stages of a clock in order, those that happened and those that may. `spared`: the clock stopped before. */
export function stagesOf(clock: Clock, policy: Policy, calendar: Calendar): StageSeen[] {
  const seen = (stage: StageSeen['stage'], at: number | undefined, happened: StageSeen['state'] | undefined): StageSeen => ({
    stage,
    ...(at === undefined ? {} : { at }),
    state: happened ?? (isRunning(clock) ? 'ahead' : 'spared'),
  });
  const stages: StageSeen[] = [];
  if (clock.clock === 'finish') {
    const at = clock.dueAt === undefined ? undefined : earlier(calendar, clock.dueAt, policy.warnBefore, clock.pauses);
    if (at === undefined || at > clock.startedAt)
      stages.push(seen('warning', at, clock.warned !== undefined && clock.warned === clock.dueAt ? 'happened' : undefined));
  }
  if (isCitizens(clock)) return stages;
  for (const colour of clock.clock === 'finish' ? (['yellow', 'red'] as const) : (['yellow'] as const)) {
    const stands = standing(clock).find((card) => card.colour === colour);
    const withdrawn = clock.cards?.findLast((card) => card.colour === colour && card.withdrawn === true);
    const happened = stands !== undefined ? 'happened' : !isRunning(clock) && withdrawn !== undefined ? 'withdrawn' : undefined;
    stages.push(seen(colour, stands?.at ?? cardInstant(clock, colour, policy, calendar), happened));
  }
  return stages;
}

/** Whole units that are left while work is suspended. */
export const leftOf = (clock: Clock, calendar: Calendar) => {
  const deadline = isPaused(clock) && isRunning(clock) ? deadlineOf(calendar, clock) : undefined;
  return deadline?.kind === 'suspended' ? deadline.left : undefined;
};

/** The days of a clock until its deadline, or until it stopped without one. */
export const daysOf = (clock: Clock, calendar: Calendar, now: number): CountedDay[] =>
  explain(calendar, clock, clock.stopped?.at ?? clock.unjudged ?? now);
