import { assertNever } from '@paidan/kernel';
import type { NewEvent } from '@paidan/runtime';
import type { Fact, Placement } from './ticket.js';

const versions = ({ directoryVersion, rulesVersion, urgency }: Placement) => ({
  directoryVersion,
  ...(rulesVersion === undefined ? {} : { rulesVersion }),
  ...(urgency === undefined ? {} : { urgency }),
});

/** What the others are told of a fact. */
export function said(fact: Fact): NewEvent[] {
  switch (fact.did) {
    case 'assigned': {
      const { assignment, lead, coHandlers, copies, matter, confidence, reasons, by, designated, returnUntil } = fact;
      const until = returnUntil === undefined ? {} : { returnUntil: new Date(returnUntil).toISOString() };
      const units = { lead, coHandlers: [...coHandlers], copies: [...copies] };
      const payload = { assignment, ...units, matter, confidence, reasons: [...reasons], ...versions(fact), by, designated, ...until };
      return [{ name: 'ticket.assigned', payload }];
    }
    case 'held': {
      const { reason, matter, confidence, reasons, candidates, ruledOut } = fact;
      const lists = { reasons: [...reasons], candidates: [...candidates], ruledOut: [...ruledOut] };
      return [{ name: 'ticket.held', payload: { reason, matter, confidence, ...versions(fact), ...lists } }];
    }
    case 'return-accepted': {
      const { assignment, unit, by } = fact;
      return [{ name: 'return.accepted', payload: { assignment, unit, by } }];
    }
    case 'return-refused': {
      const { assignment, unit, because: reason, by, note, windowEnded } = fact;
      const ended = windowEnded === undefined ? {} : { windowEnded: new Date(windowEnded).toISOString() };
      return [{ name: 'return.refused', payload: { assignment, unit, by, reason, ...(note === undefined ? {} : { note }), ...ended } }];
    }
    case 'release-requested': {
      const { assignment, unit, target } = fact;
      return [{ name: 'release.requested', payload: { assignment, unit, reason: 'master' in target ? 'linked' : 'reassigned' } }];
    }
    case 'linked': {
      const { master, masterNumber, link, by } = fact;
      return [{ name: 'ticket.linked', payload: { master, masterNumber, link, by } }];
    }
    case 'unlinked': {
      const { master, masterNumber, because: reason, by, note } = fact;
      return [{ name: 'ticket.unlinked', payload: { master, masterNumber, reason, by, ...(note === undefined ? {} : { note }) } }];
    }
    case 'withdrawn':
      return fact.released === undefined ? [] : [{ name: 'release.requested', payload: { ...fact.released, reason: 'withdrawn' } }];
    case 'request-dropped':
    case 'returned':
    case 'claimed':
    case 'unclaimed':
    case 'answered':
    case 'closed':
      return [];
    default:
      return assertNever(fact, 'fact');
  }
}
