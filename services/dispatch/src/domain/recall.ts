import type { EventName, TicketEvent, Words } from '@paidan/contracts';
import { assertNever } from '@paidan/kernel';
import type { Decision, NewEvent, Recall } from '@paidan/runtime';
import { said } from './announcements.js';
import { stateOf } from './orders.js';
import type { Facts } from './placements.js';
import { evolve, replaced, type Fact, type Placement, type Taken, type Target, type Ticket } from './ticket.js';

const KINDS: Readonly<Partial<Record<EventName, string>>> = {
  'ticket.assigned': 'placement',
  'ticket.held': 'placement',
  'ticket.linked': 'placement',
  'return.accepted': 'return',
  'return.refused': 'return',
};

/** Where a ticket goes, and whether a return is right, are one question each, whatever the answer was then. */
const aboutOf = ({ name, payload }: NewEvent | TicketEvent): string => {
  const kind = KINDS[name] ?? name;
  const { assignment, reason } = payload as { readonly assignment?: number; readonly reason?: string };
  if (kind === 'placement') return kind;
  return JSON.stringify([kind, assignment, kind === 'return' ? undefined : reason]);
};

/**
 * Where the person wanted it whom the log doesn't tell of: the holder was asked to let go, and what for is said only when it has. No unit has this code, so
 * that the ticket then waits for a person.
 */
export const UNTOLD = 'untold';

/** How a restored schema learns what was decided: a word is the fact that it announced. */
export const recall: Recall<Ticket, Facts> = {
  answers: (expected, word) => aboutOf(expected) === aboutOf(word),
  amended: (ticket, expected, word) => {
    const fact = factOf(ticket, word);
    if (fact?.did === 'assigned' || fact?.did === 'held' || fact?.did === 'linked') return replaced(ticket, fact);
    if (expected.name !== word.name) throw new Error(`${word.name} was said where ${expected.name} would be: a person must look`);
    return ticket;
  },
  recalled: (ticket, word) => {
    const fact = ticket && factOf(ticket, word);
    return fact === undefined || ticket === undefined || !isPossible(ticket, fact) ? undefined : settle(ticket, fact);
  },
  answered: (ticket) => {
    const { target, ...state } = stateOf(ticket);
    return target === undefined || target === UNTOLD ? state : { ...state, target };
  },
};

const settle = (ticket: Ticket, fact: Fact): Decision<Ticket> => ({ record: evolve(ticket, fact), events: said(fact) });

/** A word of people is about a ticket that was held, or assigned under that number, or returned; what follows a return they accepted is said after it. */
function isPossible(ticket: Ticket, fact: Recalled): boolean {
  switch (fact.did) {
    case 'assigned':
      return fact.assignment > ticket.assignments && ticket.status !== 'closed' && ticket.status !== 'withdrawn';
    case 'held':
      return isBetween(ticket);
    case 'linked':
      return ticket.status === 'held' || (ticket.status === 'linked' && ticket.decisions.at(-1)?.did !== 'unlinked');
    case 'unlinked':
      return ticket.status === 'linked' && ticket.decisions.at(-1)?.did !== 'unlinked';
    case 'return-accepted':
    case 'return-refused':
      return ticket.status === 'returned' && ticket.holding.assignment === fact.assignment;
    case 'release-requested':
      return ticket.status === 'assigned' && ticket.holding.assignment === fact.assignment;
    default:
      return assertNever(fact, 'recalled fact');
  }
}

/** A return was accepted, or the ticket taken out from under its master, and where it goes is the next word. */
const isBetween = ({ status, decisions }: Ticket): boolean => {
  const newest = decisions.at(-1)?.did;
  return (status === 'returned' && newest === 'return-accepted') || (status === 'linked' && newest === 'unlinked');
};

type Recalled = Placement | Extract<Taken, { did: 'release-requested' | 'return-accepted' | 'return-refused' | 'linked' | 'unlinked' }>;

function factOf(ticket: Ticket, word: TicketEvent): Recalled | undefined {
  const at = Date.parse(word.time);
  switch (word.name) {
    case 'ticket.assigned': {
      const { returnUntil, ...assigned } = word.payload;
      const opinion = assigned.by.kind === 'person' ? opinionOf(assigned.reasons) : undefined;
      return {
        ...{ did: 'assigned', at, ...assigned, ruledOut: [] },
        ...(returnUntil === undefined ? {} : { returnUntil: Date.parse(returnUntil) }),
        ...(opinion === undefined ? {} : { opinion }),
      };
    }
    case 'ticket.held':
      return { did: 'held', at, ...word.payload };
    case 'ticket.linked':
      return { did: 'linked', at, ...word.payload };
    case 'ticket.unlinked': {
      const { reason: because, ...unlinked } = word.payload;
      return { did: 'unlinked', at, because, ...unlinked };
    }
    case 'return.accepted': {
      if (ticket.status !== 'returned') return undefined;
      const { assignment, unit, by } = word.payload;
      return { did: 'return-accepted', at, assignment, unit, by, objection: ticket.objection };
    }
    case 'return.refused': {
      if (ticket.status !== 'returned') return undefined;
      const { assignment, unit, by, reason: because, note, windowEnded } = word.payload;
      const objection = ticket.objection;
      const ended = windowEnded === undefined ? {} : { windowEnded: Date.parse(windowEnded) };
      return { did: 'return-refused', at, assignment, unit, by, because, objection, ...(note === undefined ? {} : { note }), ...ended };
    }
    case 'release.requested': {
      const { assignment, unit, reason } = word.payload;
      if (reason !== 'reassigned' && reason !== 'linked') return undefined;
      const matter = 'holding' in ticket ? ticket.holding.matter : null;
      const target: Target = {
        ...{ lead: UNTOLD, coHandlers: [], copies: [], matter, designated: false },
        by: { kind: 'rule', rule: 'restored' },
        opinion: { kind: 'open', text: UNTOLD },
      };
      return { did: 'release-requested', at, assignment, unit, target };
    }
    default:
      return undefined;
  }
}

/** As much of it as the event had room for; of a ticket that is not open, nothing. */
const opinionOf = (reasons: readonly { readonly code: string; readonly note?: string }[]): Words | undefined => {
  const note = reasons.find(({ code }) => code === 'by-person')?.note;
  return note === undefined || note === '' ? undefined : { kind: 'open', text: note };
};
