import type { EventName, TicketEvent } from '@paidan/contracts';
import type { Context, Decision, NewEvent, Recall } from '@paidan/runtime';
import { cardInstant, said, type Card, type Clock } from './clock.js';
import type { Facts } from './facts.js';
import { armed, passedInSilence } from './stages.js';
import type { Registered, TicketClocks } from './ticket-clocks.js';

type Word<N extends EventName> = Extract<TicketEvent, { readonly name: N }>;
const OWN = ['clock.started', 'clock.stopped', 'deadline.moved', 'deadline.warned', 'card.issued', 'card.withdrawn'] as const;
type OwnWord = Word<(typeof OWN)[number]>;
const own: ReadonlySet<string> = new Set(OWN);
const isOwn = (event: TicketEvent): event is OwnWord => own.has(event.name);

/** What an event is about: two of one name about the same are the same word. */
function aboutOf({ name, payload }: NewEvent | TicketEvent): string {
  const {
    assignment,
    card,
    clock,
    clocks = [],
    colour,
  } = payload as Partial<Record<'assignment' | 'card' | 'clock' | 'colour', unknown>> & {
    readonly clocks?: readonly { readonly clock: string }[];
  };
  // A card has its id from the one decision that issued it.
  const which = name === 'card.withdrawn' ? card : [clock, ...clocks.map((one) => one.clock).sort()];
  return JSON.stringify([name, assignment, which, colour]);
}

/** How a restored schema learns what became of its clocks. */
export const recall: Recall<TicketClocks, Facts> = {
  answers: (expected, word) => aboutOf(expected) === aboutOf(word),
  amended: (ticket, expected, word) => {
    if (ticket.status === 'unregistered' || !isOwn(word)) return ticket;
    const amend = (clock: Clock): Clock =>
      word.name === 'card.issued' && expected.name === 'card.issued' ? renamed(clock, expected.payload.card, word) : told(clock, word);
    return { ...ticket, clocks: ticket.clocks.map(amend) };
  },
  recalled: (ticket, word, context) => {
    if (ticket === undefined || ticket.status === 'unregistered' || !isOwn(word)) return undefined;
    return rearmed(ticket, word, context);
  },
};

function rearmed(ticket: Registered, word: OwnWord, context: Context<Facts>): Decision<TicketClocks> {
  const clocks = ticket.clocks.map((clock) => {
    const after = told(clock, word);
    const [card] = (after.cards ?? []).slice((clock.cards ?? []).length);
    return card === undefined ? after : { ...after, cards: [...(clock.cards ?? []), atItsStage(after, card, ticket, context)] };
  });
  const { name, payload } = word;
  const settled = name === 'card.issued' || name === 'deadline.warned' ? passedInSilence({ ...ticket, clocks }, context) : clocks;
  return { ...armed({ ...ticket, clocks: settled }, { clocks: settled, events: [] }, context), events: [{ name, payload } as NewEvent] };
}

/** The word has the deadline that passed; a red card's own instant follows from it. */
const atItsStage = (clock: Clock, card: Card, { policy }: Registered, { facts }: Context<Facts>): Card =>
  card.colour === 'red' ? { ...card, at: cardInstant({ ...clock, dueAt: card.dueAt }, 'red', policy, facts.calendar) ?? card.at } : card;

/** A card that was decided on once more is the one that was shown then. */
function renamed(clock: Clock, card: string, { payload }: Word<'card.issued'>): Clock {
  const { cards } = clock;
  if (cards?.some((one) => one.card === card) !== true) return clock;
  const issuedAt = Date.parse(payload.issuedAt);
  return { ...clock, cards: cards.map((one) => (one.card === card ? { ...one, card: payload.card, issuedAt } : one)) };
}

const instant = (text: string | undefined): number | undefined => (text === undefined ? undefined : Date.parse(text));

/** A clock after a word, where that is about it. */
function told(clock: Clock, word: OwnWord): Clock {
  const isAbout = ({ assignment }: { readonly assignment?: number }): boolean => assignment === clock.assignment;
  const isStopped = clock.stopped !== undefined;
  switch (word.name) {
    case 'clock.started': {
      const { payload } = word;
      const isCitizens = clock.assignment === undefined && (payload.citizens !== undefined || payload.assignment === undefined);
      const start = isCitizens
        ? (payload.citizens ?? payload.clocks[0])
        : isAbout(payload)
          ? payload.clocks.find((one) => one.clock === clock.clock)
          : undefined;
      if (start === undefined || isStopped || clock.startedAt !== Date.parse(start.startedAt)) return clock;
      return due(said(clock), instant(start.dueAt), start.awaitsYear);
    }
    case 'clock.stopped': {
      const stop = isAbout(word.payload) ? word.payload.clocks.find((one) => one.clock === clock.clock) : undefined;
      if (stop === undefined || isStopped || Date.parse(stop.stoppedAt) < clock.startedAt) return clock;
      const { unjudged: _unjudged, ...rest } = clock;
      return { ...rest, stopped: { at: Date.parse(stop.stoppedAt), because: stop.because } };
    }
    case 'deadline.moved': {
      const { payload } = word;
      if (!isAbout(payload) || payload.clock !== clock.clock || isStopped) return clock;
      return due(clock, instant(payload.to), payload.awaitsYear);
    }
    case 'deadline.warned': {
      const { payload } = word;
      return isAbout(payload) && payload.clock === clock.clock && !isStopped ? { ...clock, warned: Date.parse(payload.dueAt) } : clock;
    }
    case 'card.issued': {
      const { payload } = word;
      const { cards = [] } = clock;
      if (!isAbout(payload) || payload.clock !== clock.clock || cards.some(({ card }) => card === payload.card)) return clock;
      const dueAt = Date.parse(payload.dueAt);
      return {
        ...clock,
        cards: [...cards, { card: payload.card, colour: payload.colour, at: dueAt, dueAt, issuedAt: Date.parse(payload.issuedAt) }],
      };
    }
    case 'card.withdrawn': {
      const { cards } = clock;
      const { card } = word.payload;
      return cards?.some((one) => one.card === card) === true
        ? { ...clock, cards: cards.map((one) => (one.card === card ? { ...one, withdrawn: true } : one)) }
        : clock;
    }
    default:
      return word satisfies never;
  }
}

function due(clock: Clock, dueAt: number | undefined, awaitsYear: number | undefined): Clock {
  const { dueAt: _due, awaitsYear: _year, ...rest } = clock;
  return { ...rest, ...(dueAt === undefined ? {} : { dueAt }), ...(awaitsYear === undefined ? {} : { awaitsYear }) };
}
