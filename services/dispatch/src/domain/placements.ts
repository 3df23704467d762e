import type {
  Candidate,
  Content,
  HoldReason,
  OpenContent,
  OpenWords,
  Reason,
  ReopenReason,
  RuledOutReason,
  Words,
} from '@paidan/contracts';
import type { Context } from '@paidan/runtime';
import type { Guides, RoutingDecision } from './routing/decision.js';
import { isInForce, withSubordinates, type Directory } from './routing/directory.js';
import { route } from './routing/first-decision.js';
import type { Found } from './duplicates/same.js';
import type { Masters } from './linking.js';
import type { AppealFacts, Back, Holding, Placement, Target, Ticket } from './ticket.js';

export interface DispatchPolicy {
  /** The last instant at which a unit may return what it was given at another one, epoch ms. */
  readonly returnUntil: (from: number) => number;
  /** From this return on a supervisor decides (会商), no rule. */
  readonly maxReturns: number;
  /** Who says whether a unit may return what it was given: a dispatcher, or the closed list of reasons by itself. */
  readonly returnReview: 'person' | 'rule';
  /** How long a ticket stays with the dispatcher who claimed it. */
  readonly claimMs: number;
  /** How long a dispatcher may undo an assignment. */
  readonly undoMs: number;
  /** Whether a ticket that is the same as an earlier one beyond doubt is linked to it, or only shown with it. */
  readonly duplicates: 'link' | 'propose';
}

/** What the city has published. */
export interface Published extends Guides {
  /** Of the set of rules in force; left out where none is. */
  readonly rulesVersion?: number | undefined;
}

/** What decisions are taken under. */
export interface Facts extends Published {
  readonly policy: DispatchPolicy;
  /** @throws when the key is not there: the ticket is parked and replayed when it is. */
  readonly unseal: (content: Content, ticketId: string) => OpenContent;
  readonly seal: (words: OpenWords, ticketId: string) => Words;
  /** Texts of the tickets that came back in this batch; they are in no record. */
  readonly contents: ReadonlyMap<string, Content>;
  /** Tickets that orders of this work name as masters, and the masters of these. */
  readonly masters: Masters;
  /** The earlier tickets that say the same as those that are registered in this work. */
  readonly found: ReadonlyMap<string, readonly Found[]>;
}

type Ctx = Context<Facts>;

/** Candidates kept and said: a dispatcher looks at the first few, and they weigh on every later write of the record. */
const CANDIDATES = 10;

export const isOpen = (appeal: AppealFacts): boolean => appeal.confidentiality === 'open';

/** Reads the appeal and says who should hold it; of an appeal under seal nothing is quoted. */
export function routeOf(
  appeal: AppealFacts,
  content: Content,
  ticketId: string,
  excluded: ReadonlyMap<string, RuledOutReason>,
  receivedAt: string,
  { now, facts }: Ctx,
): RoutingDecision {
  const asked = { ...appeal, receivedAt: Date.parse(receivedAt), ...facts.unseal(content, ticketId) };
  return guarded(appeal, route(facts, asked, now, excluded));
}

/** Routing reads what is under the seal, but its reasons travel in the clear: codes stay, quotations and places don't. */
function guarded(appeal: AppealFacts, routed: RoutingDecision): RoutingDecision {
  if (isOpen(appeal)) return routed;
  const bare = (reasons: readonly Reason[]): Reason[] =>
    reasons.map(({ code, unit, matter, score, rule }) => ({
      code,
      ...(unit === undefined ? {} : { unit }),
      ...(matter === undefined ? {} : { matter }),
      ...(score === undefined ? {} : { score }),
      ...(rule === undefined ? {} : { rule }),
    }));
  const reasons = bare(routed.reasons);
  if (routed.kind === 'assigned') return { ...routed, reasons };
  const candidates = routed.candidates.map((candidate): Candidate => ({ ...candidate, reasons: bare(candidate.reasons ?? []) }));
  return { ...routed, reasons, candidates };
}

/** Stands for a routing where the text was not asked, or is no longer there. */
export const nothingKnown: RoutingDecision = {
  kind: 'held',
  reason: 'no-candidate',
  matter: null,
  confidence: 0,
  reasons: [],
  ruledOut: [],
  candidates: [],
};

/** What a decision is taken under, as far as it goes into its record. */
type Under = Pick<Ctx, 'now'> & { readonly facts: Published & Pick<Facts, 'policy'> };

export function placementOf(routed: RoutingDecision, assignment: number, context: Under): Placement {
  if (routed.kind === 'held') return heldFor(routed.reason, routed, context);
  const { lead, coHandlers, copies, rule, matter, confidence, reasons, ruledOut, urgency } = routed;
  return {
    did: 'assigned',
    at: context.now,
    assignment,
    lead,
    coHandlers,
    copies,
    by: { kind: 'rule', rule },
    designated: false,
    returnUntil: context.facts.policy.returnUntil(context.now),
    matter,
    confidence,
    reasons,
    ruledOut,
    ...versionsOf(context.facts),
    ...(urgency === undefined ? {} : { urgency }),
  };
}

/** What was in force when it was decided. */
const versionsOf = ({ directory, rulesVersion }: Published) => ({
  directoryVersion: directory.version,
  ...(rulesVersion === undefined ? {} : { rulesVersion }),
});

export function heldFor(reason: HoldReason, routed: RoutingDecision, { now, facts }: Under): Placement {
  const { matter, confidence, reasons, ruledOut, urgency } = routed;
  const candidates =
    routed.kind === 'held' ? routed.candidates.slice(0, CANDIDATES) : [{ unit: routed.lead, score: confidence, reasons: [...reasons] }];
  const grounds = { matter, confidence, reasons, ruledOut, ...versionsOf(facts), ...(urgency === undefined ? {} : { urgency }) };
  return { did: 'held', at: now, reason, candidates, ...grounds };
}

/**
 * Where the person wanted it, unless the directory has changed until its holder let go: the unit was closed, is not there yet, or has come under the reported
 * party. Whom a supervisor sent to the very unit that the appeal names is not asked twice.
 */
export function placementByPerson(ticket: Ticket, holding: Holding, target: Target | Back, context: Ctx): Placement {
  if (!('lead' in target)) return heldFor('asked-by-person', { ...nothingKnown, matter: holding.matter }, context);
  const { directory } = context.facts;
  const isActive = (unit: string): boolean => isInForce(directory, unit, context.now);
  if (!isActive(target.lead)) return heldFor('unit-inactive', { ...nothingKnown, matter: target.matter }, context);
  const reported = reportedIn(ticket, directory);
  const meant = target.designated && ticket.reported.includes(target.lead);
  if (reported.has(target.lead) && !meant) return heldFor('conflict-of-interest', { ...nothingKnown, matter: target.matter }, context);
  const stillFit = (unit: string): boolean => isActive(unit) && !reported.has(unit);
  return assignedByPerson(
    ticket,
    { ...target, coHandlers: target.coHandlers.filter(stillFit), copies: target.copies.filter(stillFit) },
    context,
  );
}

/** The reported parties with all that is under them today. */
const reportedIn = ({ reported }: Ticket, directory: Directory): ReadonlySet<string> =>
  new Set(reported.flatMap((unit) => withSubordinates(directory, unit)));

/** A note in an event has room for this much of a person's opinion; the whole of it stays in the record. */
const NOTE = 500;

/** Said with each assignment: a unit that gets it now has not heard the decision that raised it. */
const raisedBefore = ({ decisions }: Ticket): Pick<Placement, 'urgency'> => {
  const raised = decisions.findLast((taken): taken is Placement => 'urgency' in taken && taken.urgency !== undefined);
  return raised?.urgency === undefined ? {} : { urgency: raised.urgency };
};

export function assignedByPerson(ticket: Ticket, target: Target, { now, facts }: Ctx): Placement {
  const { lead, coHandlers, copies, matter, designated, by, opinion } = target;
  return {
    did: 'assigned',
    at: now,
    assignment: ticket.assignments + 1,
    lead,
    coHandlers,
    copies,
    by,
    designated,
    ...(designated ? {} : { returnUntil: facts.policy.returnUntil(now) }),
    matter,
    confidence: 1,
    ...raisedBefore(ticket),
    reasons: [{ code: 'by-person', unit: lead, ...(opinion.kind === 'open' ? { note: opinion.text.slice(0, NOTE).toWellFormed() } : {}) }],
    ruledOut: [],
    directoryVersion: facts.directory.version,
    opinion,
  };
}

/**
 * 重办: the unit that answered answers again, along with those who worked with it, and can't return it – by answering it said that it is its duty. Where
 * the directory has changed under it a person decides, as about a complaint that a supervisor had sent to the very unit it names: nobody said twice.
 */
export function placementForRedo(ticket: Ticket, answered: Holding, because: ReopenReason, context: Ctx): Placement {
  const { now, facts } = context;
  const { directory } = facts;
  const { assignment, lead, matter } = answered;
  const reasons: Reason[] = [{ code: 'reopened', unit: lead, note: because }];
  const isActive = (unit: string): boolean => isInForce(directory, unit, now);
  if (!isActive(lead)) return heldFor('unit-inactive', { ...nothingKnown, matter, reasons }, context);
  const reported = reportedIn(ticket, directory);
  if (reported.has(lead)) return heldFor('conflict-of-interest', { ...nothingKnown, matter, reasons }, context);
  const before = ticket.decisions.find((taken) => taken.did === 'assigned' && taken.assignment === assignment);
  const { coHandlers, copies } = before?.did === 'assigned' ? before : { coHandlers: [], copies: [] };
  const stillFit = (unit: string): boolean => isActive(unit) && !reported.has(unit);
  return {
    did: 'assigned',
    at: now,
    assignment: ticket.assignments + 1,
    lead,
    coHandlers: coHandlers.filter(stillFit),
    copies: copies.filter(stillFit),
    by: { kind: 'rule', rule: 'redo' },
    designated: true,
    ...raisedBefore(ticket),
    matter,
    confidence: 1,
    reasons,
    ruledOut: [],
    directoryVersion: directory.version,
  };
}
