import type {
  Actor,
  AppealType,
  ChannelKind,
  Candidate,
  CloseReason,
  Confidentiality,
  HoldReason,
  LinkKind,
  Reason,
  ReleaseRefusal,
  ReturnReason,
  ReturnRefusal,
  RuledOut,
  UnlinkReason,
  Urgency,
  Words,
} from '@paidan/contracts';
import { assertNever } from '@paidan/kernel';
import type { Alike } from './duplicates/first-look.js';

/** What routing needs of the appeal beside its text, which lies in a row of its own and never here. */
export interface AppealFacts {
  readonly channel: string;
  /** Absent for one that only a newer intake knows, and on tickets of earlier releases. */
  readonly channelKind?: ChannelKind;
  readonly appealType: AppealType;
  readonly urgency: Urgency;
  readonly confidentiality: Confidentiality;
  readonly addressee?: string;
  /** 领导信箱. */
  readonly mailbox?: string;
}

/** Where a person wants the ticket to go. */
export interface Target {
  readonly lead: string;
  readonly coHandlers: readonly string[];
  readonly copies: readonly string[];
  readonly matter: string | null;
  readonly designated: boolean;
  readonly by: Actor;
  /** 派单意见; under seal like every free text about a ticket that is not open. */
  readonly opinion: Words;
}

/** 撤销派单: back into the queue, when its holder lets it go. */
export interface Back {
  readonly by: Actor;
}

/** 并入主单: the ticket that it is worked on under, as soon as its holder lets it go. */
export interface Under {
  readonly master: string;
  readonly masterNumber: string;
  readonly link: LinkKind;
  readonly by: Actor;
}

/** Where a ticket is to go that is asked back from its holder. */
export type Next = Target | Back | Under;

/** A dispatcher is looking at it: others keep their hands off until then, epoch ms. */
export interface Claim {
  /** Subject of the dispatcher's token. */
  readonly by: string;
  readonly until: number;
}

/** One holding of the ticket by one lead. */
export interface Holding {
  readonly assignment: number;
  readonly lead: string;
  readonly matter: string | null;
  readonly by: Actor;
  /** 直接指定: may not be returned. */
  readonly designated: boolean;
  /** Epoch ms; absent where there is no right to return. */
  readonly returnUntil?: number;
}

/** 退单: the holder says that it is not the one. `at` is epoch ms, when the unit said it. */
export interface Objection {
  readonly at: number;
  readonly because: ReturnReason;
  /** Subject of the officer's token. */
  readonly officer: string;
  /** What the unit wrote; under seal like every free text about a ticket that is not open. */
  readonly grounds: Words;
}

/** What a routing decision rests on. */
interface Grounds {
  readonly matter: string | null;
  readonly confidence: number;
  readonly reasons: readonly Reason[];
  readonly ruledOut: readonly RuledOut[];
  readonly directoryVersion: number;
  readonly rulesVersion?: number;
  /** Where a rule raised it. */
  readonly urgency?: Urgency;
}

/** One decision of this service, as it stays in the ticket's history; the n-th of a ticket is decision version n. `at` is epoch ms. */
export type Taken = { readonly at: number } & (
  | (Grounds & {
      readonly did: 'assigned';
      readonly assignment: number;
      readonly lead: string;
      readonly coHandlers: readonly string[];
      readonly copies: readonly string[];
      readonly by: Actor;
      readonly designated: boolean;
      readonly returnUntil?: number;
      readonly opinion?: Words;
    })
  | (Grounds & { readonly did: 'held'; readonly reason: HoldReason; readonly candidates: readonly Candidate[] })
  | {
      readonly did: 'return-accepted';
      readonly assignment: number;
      readonly unit: string;
      readonly objection: Objection;
      readonly by: Actor;
    }
  | {
      readonly did: 'return-refused';
      readonly assignment: number;
      readonly unit: string;
      readonly objection: Objection;
      readonly because: ReturnRefusal;
      readonly by: Actor;
      /** What the dispatcher wrote; the unit is told. */
      readonly note?: Words;
      /** Epoch ms, where it came too late. */
      readonly windowEnded?: number;
    }
  | { readonly did: 'release-requested'; readonly assignment: number; readonly unit: string; readonly target: Next }
  | (Under & { readonly did: 'linked' })
  | {
      readonly did: 'unlinked';
      readonly master: string;
      readonly masterNumber: string;
      readonly because: UnlinkReason;
      readonly by: Actor;
      readonly note?: Words;
    }
  | {
      readonly did: 'request-dropped';
      readonly assignment: number;
      /** Who was to have it; absent where the assignment was to be undone, or the ticket to be linked. */
      readonly unit?: string;
      readonly masterNumber?: string;
      readonly because: ReleaseRefusal;
    }
);

/** A decision that says where the ticket is now. */
export type Placement = Extract<Taken, { did: 'assigned' | 'held' }>;
export type Linked = Extract<Taken, { did: 'linked' }>;

/** What others decided and this service takes note of: it moves the ticket, not the decision version. */
export type Noted = { readonly at: number } & (
  | { readonly did: 'returned'; readonly objection: Objection }
  | { readonly did: 'claimed'; readonly claim: Claim }
  | { readonly did: 'unclaimed' }
  | { readonly did: 'answered' }
  | { readonly did: 'closed'; readonly because: CloseReason }
  | {
      readonly did: 'withdrawn';
      /** The assignment that ends by it. */ readonly released?: { readonly assignment: number; readonly unit: string };
    }
);

export type Fact = Taken | Noted;

interface Common {
  /** Human number. */
  readonly number: string;
  readonly receivedAt: string;
  readonly appeal: AppealFacts;
  /** Keyed digest of who the citizen is, where intake knows it and the ticket is open. */
  readonly citizen?: string;
  /** Earlier tickets that say nearly the same, as they were found when it was registered. */
  readonly alike?: readonly Alike[];
  /** Units that the appeal is about: neither they nor anything under them may hold it. */
  readonly reported: readonly string[];
  readonly returnedBy: readonly string[];
  /** Number of the newest assignment, 0 before the first. */
  readonly assignments: number;
  /** Oldest first; its length is the decision version. */
  readonly decisions: readonly Taken[];
}

/** A ticket as dispatch sees it: who should hold it now. */
export type Ticket = Common &
  (
    | {
        readonly status: 'held';
        readonly since: number;
        readonly reason: HoldReason;
        readonly matter: string | null;
        readonly claim?: Claim;
      }
    | { readonly status: 'assigned'; readonly holding: Holding }
    /** 退单待审: a dispatcher says whether the unit may; until then it is still the holder. */
    | { readonly status: 'returned'; readonly holding: Holding; readonly objection: Objection; readonly claim?: Claim }
    | { readonly status: 'releasing'; readonly holding: Holding; readonly target: Next }
    /** 已并入主单: worked on there; kept, answered and judged for itself. `since` is epoch ms. */
    | { readonly status: 'linked'; readonly since: number; readonly under: Under }
    | { readonly status: 'answered'; readonly holding: Holding }
    | { readonly status: 'withdrawn' }
    | { readonly status: 'closed'; readonly since: number; readonly because: CloseReason }
  );

/** 待派单, 已派单, 退单待审, 收回中, 已并入, 已答复, 已撤回, 已办结. */
export const STATUSES = ['held', 'assigned', 'returned', 'releasing', 'linked', 'answered', 'withdrawn', 'closed'] as const;
export type Status = (typeof STATUSES)[number];

/** What can happen to a ticket here: events of others, commands of people. */
export const TRIGGERS = [
  'ticket.registered',
  'ticket.withdrawn',
  'assignment.returned',
  'assignment.released',
  'release.refused',
  'reply.approved',
  'ticket.reopened',
  'ticket.closed',
  'assign',
  'reassign',
  'accept-return',
  'refuse-return',
  'claim',
  'unclaim',
  'undo',
  'link',
  'follow',
  'unlink',
] as const;
export type Trigger = (typeof TRIGGERS)[number];

/**
 * The life of a ticket: from each status, what a trigger about the current assignment can lead to. What is not listed changes nothing, or is refused
 * when a person asks for it.
 */
export const TRANSITIONS: Readonly<Record<'new' | Status, Partial<Readonly<Record<Trigger, readonly Status[]>>>>> = {
  // Linked at once to an earlier ticket that is the same beyond doubt.
  new: { 'ticket.registered': ['assigned', 'held', 'linked'] },
  held: {
    assign: ['assigned'],
    link: ['linked'],
    claim: ['held'],
    unclaim: ['held'],
    'ticket.withdrawn': ['withdrawn'],
    'ticket.closed': ['closed'],
  },
  assigned: {
    reassign: ['releasing'],
    undo: ['releasing'],
    link: ['releasing'],
    // A designated unit keeps it; else a dispatcher looks at the return, or the policy leaves it to the rules.
    'assignment.returned': ['assigned', 'held', 'returned'],
    // Nobody asked, but then nobody holds it either: a person must see it.
    'assignment.released': ['held'],
    'reply.approved': ['answered'],
    'ticket.withdrawn': ['withdrawn'],
    'ticket.closed': ['closed'],
  },
  returned: {
    'accept-return': ['assigned', 'held'],
    'refuse-return': ['assigned'],
    claim: ['returned'],
    unclaim: ['returned'],
    'assignment.released': ['held'],
    'reply.approved': ['answered'],
    'ticket.withdrawn': ['withdrawn'],
    'ticket.closed': ['closed'],
  },
  releasing: {
    'assignment.released': ['assigned', 'held', 'linked'],
    // The return crossed the request: it is accepted, and the ticket goes where the person wanted it.
    'assignment.returned': ['assigned', 'held', 'linked'],
    // Held when it had ended already: then nobody holds it.
    'release.refused': ['assigned', 'held'],
    'reply.approved': ['answered'],
    'ticket.withdrawn': ['withdrawn'],
    'ticket.closed': ['closed'],
  },
  linked: {
    // Its master has come under a master itself, and takes it along.
    follow: ['linked'],
    unlink: ['assigned', 'held'],
    // 重办: the master's answer didn't hold for this citizen, so that it goes its own way.
    'ticket.reopened': ['assigned', 'held'],
    'ticket.withdrawn': ['withdrawn'],
    'ticket.closed': ['closed'],
  },
  // 重办: the unit that answered answers again, unless it no longer can.
  answered: { 'ticket.reopened': ['assigned', 'held'], 'ticket.closed': ['closed'] },
  withdrawn: {},
  closed: {},
};

/** Compared with the version that a person was shown. */
export const decisionVersion = (ticket: Ticket): number => ticket.decisions.length;

/** Before its first decision a ticket has no status; the first must say where it is. */
export type Registered = Omit<Common, 'assignments' | 'decisions' | 'returnedBy'>;

const common = ({ number, receivedAt, appeal, citizen, alike, reported, returnedBy, assignments, decisions }: Common): Common => ({
  number,
  receivedAt,
  appeal,
  ...(citizen === undefined ? {} : { citizen }),
  ...(alike === undefined ? {} : { alike }),
  reported,
  returnedBy,
  assignments,
  decisions,
});

/** The record of a new ticket with its first decision. */
export const begin = (registered: Registered, first: Placement | Linked): Ticket => {
  const before: Common = { ...registered, returnedBy: [], assignments: 0, decisions: [] };
  return first.did === 'linked' ? linked(before, first) : placed(before, first);
};

const placed = (before: Common, taken: Placement): Ticket => {
  const { urgency = before.appeal.urgency } = taken;
  const base = { ...common(before), appeal: { ...before.appeal, urgency }, decisions: [...before.decisions, taken] };
  if (taken.did === 'held') return { ...base, status: 'held', since: taken.at, reason: taken.reason, matter: taken.matter };
  const { assignment, lead, matter, by, designated, returnUntil } = taken;
  const holding: Holding = { assignment, lead, matter, by, designated, ...(returnUntil === undefined ? {} : { returnUntil }) };
  return { ...base, assignments: assignment, status: 'assigned', holding };
};

const linked = (before: Common, { did: _did, ...taken }: Linked): Ticket => {
  const { at: since, ...under } = taken;
  return { ...common(before), decisions: [...before.decisions, { did: 'linked', ...taken }], status: 'linked', since, under };
};

/** The ticket whose newest decision was this one, and not the one that it has. */
export const replaced = (ticket: Ticket, taken: Placement | Linked): Ticket => {
  const before = { ...common(ticket), decisions: ticket.decisions.slice(0, -1) };
  return taken.did === 'linked' ? linked(before, taken) : placed(before, taken);
};

/** Applies what was decided or noted. Total over the facts that `decide` produces for that status. */
export const evolve = (ticket: Ticket, fact: Fact): Ticket => {
  const base = common(ticket);
  switch (fact.did) {
    case 'assigned':
    case 'held':
      return placed(base, fact);
    case 'returned':
      return { ...base, status: 'returned', holding: heldBy(ticket), objection: fact.objection };
    case 'claimed':
      return claimed(ticket, fact.claim);
    case 'unclaimed':
      return claimed(ticket, undefined);
    case 'return-accepted':
      return { ...ticket, returnedBy: [...base.returnedBy, fact.unit], decisions: [...base.decisions, fact] };
    case 'return-refused':
      return { ...base, decisions: [...base.decisions, fact], status: 'assigned', holding: heldBy(ticket) };
    case 'release-requested':
      return { ...base, decisions: [...base.decisions, fact], status: 'releasing', holding: heldBy(ticket), target: fact.target };
    case 'linked':
      return linked(base, fact);
    // Where it goes is said next.
    case 'unlinked':
      return { ...ticket, decisions: [...base.decisions, fact] };
    case 'request-dropped':
      return { ...base, decisions: [...base.decisions, fact], status: 'assigned', holding: heldBy(ticket) };
    case 'answered':
      return { ...base, status: 'answered', holding: heldBy(ticket) };
    case 'withdrawn':
      return { ...base, status: 'withdrawn' };
    case 'closed':
      return { ...base, status: 'closed', since: fact.at, because: fact.because };
    default:
      return assertNever(fact, 'fact');
  }
};

const claimed = (ticket: Ticket, claim: Claim | undefined): Ticket => {
  if (ticket.status !== 'held' && ticket.status !== 'returned') return ticket;
  const { claim: _before, ...rest } = ticket;
  return claim === undefined ? rest : { ...rest, claim };
};

const heldBy = (ticket: Ticket): Holding => {
  if ('holding' in ticket) return ticket.holding;
  throw new TypeError(`nobody holds ticket ${ticket.number}, it is ${ticket.status}`);
};
