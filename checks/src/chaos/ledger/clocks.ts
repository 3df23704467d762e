import type { CardColour, Clock, TicketEvent } from '@paidan/contracts';
import type { Logged } from '../books/books.js';
import type { Pause } from './red-instant.js';

/** What was said at some point of sla-monitor's own order about the deadline of a clock. */
interface Due {
  readonly order: number;
  /** Nothing while work is suspended. */
  readonly at: number | undefined;
  readonly because: 'started' | 'suspended' | 'resumed' | 'extended' | 'calendar-loaded' | 'policy-changed' | 'urgency-raised';
}

export interface CardSeen {
  readonly order: number;
  readonly card: string;
  readonly colour: CardColour;
  readonly dueAt: number;
  readonly issuedAt: number;
  withdrawn: boolean;
}

/** A clock of an assignment as the log tells of it. Instants are epoch milliseconds. */
export interface ClockSeen {
  readonly assignment: number;
  readonly clock: Clock;
  readonly policy: string;
  readonly dues: Due[];
  readonly cards: CardSeen[];
  stopped?: { readonly at: number; readonly because: string };
}

export const dueAfter = ({ dues }: ClockSeen, order: number): Due | undefined => dues.findLast((due) => due.order < order);

/** The clocks of all assignments of one ticket, by `assignment/clock`. */
export function clocksOf(story: readonly Logged[]): ReadonlyMap<string, ClockSeen> {
  const clocks = new Map<string, ClockSeen>();
  const cards = new Map<string, CardSeen>();
  for (const event of story) {
    const { sequence: order } = event;
    const clockOf = (assignment: number | undefined, clock: Clock): ClockSeen | undefined => clocks.get(`${assignment ?? ''}/${clock}`);
    switch (event.name) {
      case 'clock.started': {
        const { assignment, policy, clocks: started } = event.payload;
        if (assignment === undefined) break;
        for (const { clock, dueAt } of started)
          clocks.set(`${assignment}/${clock}`, {
            assignment,
            clock,
            policy: policy.code,
            dues: [{ order, at: dueAt === undefined ? undefined : Date.parse(dueAt), because: 'started' }],
            cards: [],
          });
        break;
      }
      case 'deadline.moved': {
        const { assignment, clock, to, because } = event.payload;
        clockOf(assignment, clock)?.dues.push({ order, at: to === undefined ? undefined : Date.parse(to), because });
        break;
      }
      case 'clock.stopped':
        for (const { clock, because, stoppedAt } of event.payload.clocks) {
          const known = clockOf(event.payload.assignment, clock);
          if (known !== undefined) known.stopped = { at: Date.parse(stoppedAt), because };
        }
        break;
      case 'card.issued': {
        const { assignment, clock, card, colour, dueAt, issuedAt } = event.payload;
        const seen = { order, card, colour, dueAt: Date.parse(dueAt), issuedAt: Date.parse(issuedAt), withdrawn: false };
        cards.set(card, seen);
        clockOf(assignment, clock)?.cards.push(seen);
        break;
      }
      case 'card.withdrawn': {
        const seen = cards.get(event.payload.card);
        if (seen !== undefined) seen.withdrawn = true;
        break;
      }
      default:
    }
  }
  return clocks;
}

const URGENCIES = ['normal', 'urgent', 'critical'];

/**
 * Code of the limits that an assignment is held to: those of the type of the appeal and of the highest urgency that intake or dispatch had said by then. Nothing
 * for a kind that the city's table doesn't name.
 */
export function limitsOf(story: readonly Logged[], assignment: number, codes: ReadonlyMap<string, string>): string | undefined {
  let [type, highest] = ['', 0];
  for (const { name, payload } of story) {
    if (name === 'ticket.registered') type = payload.appealType;
    if (name === 'ticket.registered' || name === 'ticket.assigned' || name === 'ticket.held')
      highest = Math.max(highest, URGENCIES.indexOf(payload.urgency ?? ''));
    if (name === 'ticket.assigned' && payload.assignment === assignment) break;
  }
  const urgency = URGENCIES[highest] ?? '';
  return codes.get(`${type} ${urgency}`) ?? codes.get(`* ${urgency}`);
}

/** What people and dispatch did that ends or moves the clocks of an assignment: judged by when it was said. */
export interface Deeds {
  /** Instants at which each clock of the assignment may have been stopped. */
  readonly stops: Readonly<Record<'sign' | 'respond' | 'finish', readonly number[]>>;
  readonly suspended: readonly number[];
  readonly resumed: readonly number[];
  readonly extended: readonly number[];
  /** From a return to the decision on it: till then nobody is told that it is late. */
  readonly returned: readonly Pause[];
}

const FOR_ALL: ReadonlySet<TicketEvent['name']> = new Set(['ticket.closed', 'ticket.withdrawn', 'ticket.declined', 'ticket.answered']);
const OF_IT: ReadonlySet<TicketEvent['name']> = new Set(['reply.approved', 'return.accepted', 'assignment.released']);

export function deedsOn(story: readonly Logged[], assignment: number): Deeds {
  const of = (event: Logged): number | undefined => (event.payload as { readonly assignment?: number }).assignment;
  const times = (chosen: (event: Logged) => boolean): number[] => story.filter(chosen).map(({ time }) => Date.parse(time));
  const own = (...names: readonly TicketEvent['name'][]): number[] =>
    times((event) => of(event) === assignment && names.includes(event.name));
  const begun = story.findIndex((event) => event.name === 'ticket.assigned' && event.payload.assignment === assignment);
  // Who was under a master before and was taken out again has a deadline like everybody.
  const linked = new Set(story.filter(({ name }, index) => index > begun && name === 'ticket.linked'));
  const all = times(
    (event) =>
      FOR_ALL.has(event.name) ||
      linked.has(event) ||
      (OF_IT.has(event.name) && of(event) === assignment) ||
      (event.name === 'ticket.assigned' && event.payload.assignment > assignment),
  );
  const decided = own('return.accepted', 'return.refused', 'assignment.released').sort((a, b) => a - b);
  return {
    stops: {
      sign: [...all, ...own('assignment.signed', 'assignment.returned')],
      respond: [...all, ...own('citizen.contacted', 'reply.submitted')],
      finish: all,
    },
    suspended: own('work.suspended'),
    resumed: own('work.resumed'),
    extended: own('extension.granted'),
    returned: own('assignment.returned').map((from, index) => span(from, decided[index])),
  };
}

export const pausesOf = ({ suspended, resumed }: Deeds): readonly Pause[] => suspended.map((from, index) => span(from, resumed[index]));

const span = (from: number, to: number | undefined): Pause => (to === undefined ? { from } : { from, to });
