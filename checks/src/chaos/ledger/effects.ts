import type { Books, Logged } from '../books/books.js';
import { doubled, type Finding, finding, onceEach, shown } from './finding.js';

/** What of an event may be said once of a ticket: under its name, or under one that several events share. Nothing where it may be said as often as one likes. */
function onceOf(event: Logged): readonly string[] {
  switch (event.name) {
    case 'ticket.assigned':
      return [`assignment ${event.payload.assignment}`];
    case 'assignment.signed':
    case 'assignment.returned':
    case 'assignment.released':
      return [`${event.name} ${event.payload.assignment}`];
    case 'return.accepted':
    case 'return.refused':
      return [`return of ${event.payload.assignment} decided`];
    case 'extension.requested':
      return [`extension ${event.payload.assignment}/${event.payload.extension}`];
    case 'extension.granted':
    case 'extension.refused':
      return [`extension ${event.payload.assignment}/${event.payload.extension} decided`];
    case 'reply.submitted':
      return [`reply ${event.payload.round}`];
    case 'reply.approved':
      return [`reply ${event.payload.round} judged`, `reply of assignment ${event.payload.assignment} approved`];
    case 'reply.sent-back':
      return [`reply ${event.payload.round} judged`];
    case 'clock.started':
      return event.payload.assignment === undefined
        ? []
        : event.payload.clocks.map(({ clock }) => `clock ${event.payload.assignment}/${clock}`);
    case 'clock.stopped':
      return event.payload.assignment === undefined
        ? []
        : event.payload.clocks.map(({ clock }) => `clock ${event.payload.assignment}/${clock} stopped`);
    case 'card.issued':
      return [`card ${event.payload.card}`];
    case 'card.withdrawn':
      return [`card ${event.payload.card} withdrawn`];
    case 'reply.shared':
      return [`master's reply as round ${event.payload.round}`];
    case 'reply.delivered':
      return [`delivery ${event.payload.round}`];
    case 'rating.received':
      return [`rating of round ${event.payload.round}`, `rating number ${event.payload.rating}`];
    case 'ticket.reopened':
      return [`reopening ${event.payload.reopening}`];
    case 'ticket.closed':
      return ['closed'];
    default:
      return [];
  }
}

/** Nothing that has an effect was said twice, under whatever numbers. */
export function checkEffects({ stories }: Pick<Books, 'stories'>): readonly Finding[] {
  return [...stories].flatMap(([ticketId, story]) => {
    const effects = onceEach(story).flatMap((event) => onceOf(event).map((what) => ({ what, event })));
    return [...doubled(effects, ({ what }) => what)].map(([what, twice]) =>
      finding('effect-doubled', ticketId, `${what}: ${twice.map(({ event }) => shown(event)).join(' and ')}`),
    );
  });
}
