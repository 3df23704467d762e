import type { Calendar } from '@paidan/kernel';
import type { NewEvent } from '@paidan/runtime';
import { must } from '@paidan/runtime/stories/told';
import { isDeepStrictEqual } from 'node:util';
import { isCitizens, isRunning, isUnsaid, settle, standing } from './clock.js';
import { STAGE, type TicketClocks } from './ticket-clocks.js';

/* What is true of the clocks of a ticket, whatever has happened. */

/** How many clocks run by what was said, by assignment and kind. */
export type Known = Map<string, number>;

/**
 * Who reads the log alone knows of each clock that it runs, once, before anything else is said of it and until it stops; all but the citizen's of a ticket
 * that is on its way to a unit or to a person. Of a clock that stopped in an unpublished year that is said when the year is known: till then a ticket that
 * was reopened has two of the citizen's, and `stoppedAt`, before the second began, tells which of them it was.
 * @param known what such a reader knows to run; brought up to date
 */
export function checkTold(known: Known, events: readonly NewEvent[], ticket: TicketClocks): void {
  const key = (clock: string, { assignment }: { readonly assignment?: number }): string => `${assignment ?? 'citizen'} ${clock}`;
  const count = (clock: string, by: 1 | -1): void => void known.set(clock, (known.get(clock) ?? 0) + by);
  const runs = (clock: string): boolean => (known.get(clock) ?? 0) > 0;
  for (const event of events)
    switch (event.name) {
      case 'clock.started':
        for (const { clock } of event.payload.clocks) count(key(clock, event.payload), 1);
        if (event.payload.citizens !== undefined) count(key(event.payload.citizens.clock, {}), 1);
        break;
      case 'clock.stopped':
        for (const { clock } of event.payload.clocks) {
          must('what stops was said to run', runs(key(clock, event.payload)), { clock, events });
          count(key(clock, event.payload), -1);
        }
        break;
      case 'deadline.moved':
      case 'deadline.warned':
      case 'card.issued':
        must('what is spoken of was said to run', runs(key(event.payload.clock, event.payload)), { event, known: [...known] });
        break;
      default:
        break;
    }
  if (ticket.status === 'unregistered') return;
  const said = ticket.clocks.filter((clock) => clock.stopped === undefined && !isUnsaid(clock)).map((clock) => key(clock.clock, clock));
  for (const clock of new Set([...known.keys(), ...said])) {
    const [told, runs] = [known.get(clock) ?? 0, said.filter((one) => one === clock).length];
    must('what runs, or waits for a verdict, was said to run, once', told === runs, { clock, told, ticket });
  }
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
