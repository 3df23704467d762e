import type { CloseReason, TicketEvent } from '@paidan/contracts';
import type { Course } from './stages.js';

/** Whether it was in time, and what the citizens said of it. Counts are of events unless they say otherwise. */
export interface Judgement {
  readonly clocksStarted: number;
  readonly warned: number;
  readonly yellowCards: number;
  readonly redCards: number;
  readonly cardsWithdrawn: number;
  readonly suspended: number;
  readonly extended: number;
  /** Assignments that were finished within their deadline, and after it. */
  readonly finishedInTime: number;
  readonly finishedLate: number;
  /** Tickets whose citizen has got a reply. */
  readonly delivered: number;
  readonly pushed: number;
  readonly fetched: number;
  readonly rated: number;
  readonly satisfied: number;
  /** Tickets that were done again. */
  readonly reopened: number;
  readonly closed: number;
  readonly closedBecause: Readonly<Partial<Record<CloseReason, number>>>;
}

type Named<N extends TicketEvent['name']> = TicketEvent & { readonly name: N };

/** By the log of tickets alone. */
export function judged(courses: readonly Course[]): Judgement {
  const all = courses.flatMap(({ story }) => story);
  const events = <N extends TicketEvent['name']>(name: N) => all.filter((event): event is Named<N> => event.name === name);
  const tickets = (name: TicketEvent['name']): number => courses.filter(({ story }) => story.some((event) => event.name === name)).length;
  const cards = events('card.issued');
  const ratings = events('rating.received');
  const deliveries = events('reply.delivered');
  const finished = events('clock.stopped').flatMap(({ payload: { assignment, clocks } }) =>
    assignment === undefined ? [] : clocks.filter(({ clock }) => clock === 'finish').map(({ because }) => because),
  );
  const closedBecause: Partial<Record<CloseReason, number>> = {};
  for (const { payload } of events('ticket.closed')) closedBecause[payload.because] = (closedBecause[payload.because] ?? 0) + 1;
  return {
    clocksStarted: events('clock.started').reduce(
      (sum, { payload }) => sum + payload.clocks.length + (payload.citizens === undefined ? 0 : 1),
      0,
    ),
    warned: events('deadline.warned').length,
    yellowCards: cards.filter(({ payload }) => payload.colour === 'yellow').length,
    redCards: cards.filter(({ payload }) => payload.colour === 'red').length,
    cardsWithdrawn: events('card.withdrawn').length,
    suspended: events('work.suspended').length,
    extended: events('extension.granted').length,
    finishedInTime: finished.filter((because) => because === 'met').length,
    finishedLate: finished.filter((because) => because === 'missed').length,
    delivered: tickets('reply.delivered'),
    pushed: deliveries.filter(({ payload }) => payload.way === 'pushed').length,
    fetched: deliveries.filter(({ payload }) => payload.way === 'fetched').length,
    rated: ratings.length,
    satisfied: ratings.filter(({ payload }) => holds(payload)).length,
    reopened: tickets('ticket.reopened'),
    closed: tickets('ticket.closed'),
    closedBecause,
  };
}

const holds = ({ stars, satisfied, resolved }: Named<'rating.received'>['payload']): boolean =>
  stars > 2 && satisfied !== false && resolved !== false;
