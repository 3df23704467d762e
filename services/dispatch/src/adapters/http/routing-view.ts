import { CLOSE_REASON_WORDS, type Candidate, type Reason, type Words } from '@paidan/contracts';
import type { Alike } from '../../domain/duplicates/first-look.js';
import { explainDecision } from '../../domain/explain-decision.js';
import { stateOf } from '../../domain/orders.js';
import type { Directory } from '../../domain/routing/directory.js';
import { explainReason, explainRuledOut } from '../../domain/routing/explain.js';
import type { Objection, Taken, Target, Ticket } from '../../domain/ticket.js';
import type { DecisionShown, ObjectionShown, TargetShown } from './answers.js';

export type Opener = (words: Words) => string;

/**
 * A ticket as a dispatcher looks at it. Codes are for programs, the sentences for people.
 * @param opinion opens what people wrote; undefined for who may not read it
 */
export const routingView = (ticket: Ticket, directory: Directory, opinion: Opener | undefined) => ({
  number: ticket.number,
  receivedAt: ticket.receivedAt,
  ...ticket.appeal,
  ...stateOf(ticket),
  ...(ticket.status === 'closed' ? { closed: closedView(ticket) } : {}),
  ...(ticket.status === 'returned' ? { objection: objectionView(ticket.objection, opinion) } : {}),
  ...(ticket.alike === undefined ? {} : { alike: ticket.alike.map(alikeView) }),
  returnedBy: ticket.returnedBy,
  reported: ticket.reported,
  directoryVersion: directory.version,
  decisions: ticket.decisions.map((taken, index) =>
    decisionView(opinion === undefined ? withoutNotes(taken) : taken, index + 1, directory, opinion),
  ),
});

const LIKENESS_WORDS = {
  'same-words': { zh: '文字相同', en: 'the same words' },
  'like-words': { zh: '文字相近', en: 'like words' },
  'holds-the-earlier': { zh: '包含前件', en: 'it holds what the earlier says' },
  'held-by-the-earlier': { zh: '为前件所含', en: 'the earlier holds what it says' },
} as const satisfies Record<Alike['because'], object>;

const alikeView = (alike: Alike) => {
  const { zh, en } = LIKENESS_WORDS[alike.because];
  const score = alike.score.toFixed(2);
  return { ...alike, explanation: { zh: `与 ${alike.number} 相似（${score}）：${zh}`, en: `Like ${alike.number}, ${score}: ${en}.` } };
};

const closedView = ({ since, because }: Extract<Ticket, { status: 'closed' }>) => {
  const { zh, en } = CLOSE_REASON_WORDS[because];
  return { at: new Date(since).toISOString(), because, explanation: { zh: `已办结：${zh}`, en: `Closed: ${en}.` } };
};

export const decisionView = (taken: Taken, version: number, directory: Directory, opinion: Opener | undefined): DecisionShown => ({
  version,
  at: new Date(taken.at).toISOString(),
  explanation: { zh: explainDecision(directory, taken, 'zh'), en: explainDecision(directory, taken, 'en') },
  ...membersOf(taken, directory, opinion),
});

function membersOf(taken: Taken, directory: Directory, opinion: Opener | undefined): Omit<DecisionShown, 'version' | 'at' | 'explanation'> {
  switch (taken.did) {
    case 'assigned': {
      const { at: _at, returnUntil, opinion: words, ...rest } = taken;
      return {
        ...rest,
        ...groundsView(taken, directory),
        ...(returnUntil === undefined ? {} : { returnUntil: new Date(returnUntil).toISOString() }),
        ...opinionView(words, opinion),
      };
    }
    case 'held': {
      const { at: _at, ...rest } = taken;
      return { ...rest, ...groundsView(taken, directory), candidates: candidatesView(taken.candidates, directory) };
    }
    case 'release-requested': {
      const { at: _at, target, ...rest } = taken;
      if ('master' in target) return { ...rest, ...target };
      return { ...rest, ...('lead' in target ? { target: targetView(target, opinion) } : { by: target.by }) };
    }
    case 'return-accepted': {
      const { at: _at, objection, ...rest } = taken;
      return { ...rest, objection: objectionView(objection, opinion) };
    }
    case 'return-refused': {
      const { at: _at, objection, note, windowEnded, ...rest } = taken;
      const told = note === undefined || opinion === undefined ? {} : { note: opinion(note) };
      const ended = windowEnded === undefined ? {} : { windowEnded: new Date(windowEnded).toISOString() };
      return { ...rest, objection: objectionView(objection, opinion), ...told, ...ended };
    }
    case 'unlinked': {
      const { at: _at, note, ...rest } = taken;
      return { ...rest, ...(note === undefined || opinion === undefined ? {} : { note: opinion(note) }) };
    }
    case 'linked':
    case 'request-dropped': {
      const { at: _at, ...rest } = taken;
      return rest;
    }
  }
}

/** What a person wrote when deciding stands in the reason as well. */
const withoutNotes = (taken: Taken): Taken => {
  if (!('reasons' in taken)) return taken;
  const reasons = taken.reasons.map(({ note, ...reason }) =>
    note === undefined || reason.code === 'by-person' ? reason : { ...reason, note },
  );
  return { ...taken, reasons };
};

/** @param opener opens what officers wrote; undefined for who may not read it */
export const objectionView = ({ at, because, officer, grounds }: Objection, opener: Opener | undefined): ObjectionShown => ({
  at: new Date(at).toISOString(),
  because,
  officer,
  ...(opener === undefined ? {} : { grounds: opener(grounds) }),
});

const opinionView = (words: Words | undefined, opinion: Opener | undefined) =>
  words === undefined || opinion === undefined ? {} : { opinion: opinion(words) };

const targetView = ({ opinion: words, ...target }: Target, opinion: Opener | undefined): TargetShown => ({
  ...target,
  ...opinionView(words, opinion),
});

const groundsView = (taken: Extract<Taken, { did: 'assigned' | 'held' }>, directory: Directory) => ({
  reasons: reasonsView(taken.reasons, directory),
  ruledOut: taken.ruledOut.map((ruledOut) => ({
    ...ruledOut,
    name: nameOf(directory, ruledOut.unit),
    zh: explainRuledOut(directory, ruledOut, 'zh'),
    en: explainRuledOut(directory, ruledOut, 'en'),
  })),
});

const reasonsView = (reasons: readonly Reason[], directory: Directory) =>
  reasons.map((reason) => ({ ...reason, zh: explainReason(directory, reason, 'zh'), en: explainReason(directory, reason, 'en') }));

export const candidatesView = (candidates: readonly Candidate[], directory: Directory) =>
  candidates.map(({ unit, score, reasons }) => ({
    unit,
    name: nameOf(directory, unit),
    score,
    reasons: reasonsView(reasons ?? [], directory),
  }));

export const nameOf = (directory: Directory, unit: string): string => directory.units.get(unit)?.name ?? unit;
