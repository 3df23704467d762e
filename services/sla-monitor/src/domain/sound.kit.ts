import type { NewEvent } from '@paidan/runtime';
import { must } from '@paidan/runtime/stories/story';
import { isDeepStrictEqual } from 'node:util';
import type { Calendar } from './calendar.js';
import { isCitizens, isRunning, isUnsaid, settle, standing } from './clock.js';
import { STAGE, type TicketClocks } from './ticket-clocks.js';

/* What is true of the clocks of a ticket, whatever has happened. */

const setsEqual = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => a.size === b.size && [...a].every((one) => b.has(one));

/**
 * Who reads the log alone knows of each clock that it runs, once, before anything else is said of it and until it stops; all but the citizen's of a ticket
 * that is on its way to a unit or to a person.
 * @param known what such a reader knows to run; brought up to date
 */
export function checkTold(known: Set<string>, events: readonly NewEvent[], ticket: TicketClocks): void {
  const key = (clock: string, { assignment }: { readonly assignment?: number }): string => `${assignment ?? 'citizen'} ${clock}`;
  const starts = (clock: string): void => {
    must('a clock starts once', !known.has(clock), { clock, events });
    known.add(clock);
  };
  for (const event of events)
    switch (event.name) {
      case 'clock.started':
        for (const { clock } of event.payload.clocks) starts(key(clock, event.payload));
        if (event.payload.citizens !== undefined) starts(key(event.payload.citizens.clock, {}));
        break;
      case 'clock.stopped':
        for (const { clock } of event.payload.clocks)
          must('what stops was said to run', known.delete(key(clock, event.payload)), { clock, events });
        break;
      case 'deadline.moved':
      case 'deadline.warned':
      case 'card.issued':
        must('what is spoken of was said to run', known.has(key(event.payload.clock, event.payload)), { event, known: [...known] });
        break;
      default:
        break;
    }
  if (ticket.status === 'unregistered') return;
  // A clock that stopped in an unpublished year is said to have stopped when somebody can judge it.
  const running = ticket.clocks.filter((clock) => clock.stopped === undefined);
  const told = new Set(running.filter((clock) => !isUnsaid(clock)).map((clock) => key(clock.clock, clock)));
  must('what runs was said to run', setsEqual(known, told), { known: [...known], ticket });
  const unsaid = ticket.clocks.filter(isUnsaid);
  const onItsWay = unsaid.every((clock) => isCitizens(clock) && isRunning(clock) && ticket.status === 'unassigned');
  must('only the citizen’s clock is unsaid, and only of a ticket on its way', onItsWay, ticket);
}

export function checkSound(before: TicketClocks | undefined, ticket: TicketClocks, now: number, trigger: string, calendar: Calendar): void {
  if (ticket.status === 'unregistered') return;
  const { clocks, next } = ticket;
  const running = clocks.filter(isRunning);
  for (const clock of clocks) {
    const colours = standing(clock).map(({ colour }) => colour);
    must('one card stands of each colour', new Set(colours).size === colours.length, clock);
    must('the citizen’s clock gives no card', clock.assignment !== undefined || (clock.cards ?? []).length === 0, clock);
  }
  must('one clock of the citizen runs', running.filter(isCitizens).length <= 1, ticket);
  const held = running.filter((clock) => !isCitizens(clock)).map(({ assignment }) => assignment);
  must('clocks of one assignment run', new Set(held).size <= 1, ticket);
  if (ticket.status === 'answered' || ticket.status === 'over') {
    const judged = clocks.every(({ unjudged }) => unjudged === undefined);
    must('nothing runs that nobody can do anything about', running.length === 0 && (next === undefined || !judged), ticket);
  }
  if (trigger === STAGE) {
    must('a stage comes once', next === undefined || next > now, { ticket, now });
    for (const clock of running)
      must('the deadline is the one that follows from the whole', isDeepStrictEqual(settle(clock, calendar), clock), clock);
  }
  if (before === undefined || before.status === 'unregistered') return;
  for (const [i, clock] of before.clocks.entries()) {
    const cards = clocks[i]?.cards ?? [];
    const kept = (clock.cards ?? []).every(({ card, withdrawn }, n) => cards[n]?.card === card && (!withdrawn || cards[n].withdrawn));
    must('a card is never unissued, and never comes again', kept, { before: clock, after: clocks[i] });
    must('what stopped stays so', clock.stopped === undefined || isDeepStrictEqual(clocks[i], clock), { before: clock, after: clocks[i] });
  }
}
