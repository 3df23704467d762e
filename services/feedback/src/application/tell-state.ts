import { CLOSE_REASON_WORDS, SUSPENSION_REASON_WORDS, wordsFor, type TicketEvent } from '@paidan/contracts';
import type { Registered } from '../domain/ticket.js';
import { told, type Names, type Told } from './phrases.js';

/**
 * Where a ticket stands, for the citizen: who has it and whether anything is to be done. Nothing that is between units and the desk – reasons of returns,
 * notes, cards.
 */
export const tellState = (follow: Registered, events: readonly TicketEvent[], { unit }: Names): Told => {
  switch (follow.status) {
    case 'closed': {
      const why = wordsFor(CLOSE_REASON_WORDS, follow.because);
      return told(`closed: ${why.en}`, `已办结：${why.zh}`);
    }
    case 'answered':
    case 'delivered': {
      const by = follow.answer.unit === undefined ? told('the desk', '热线') : told(unit(follow.answer.unit), unit(follow.answer.unit));
      return told(`answered by ${by.en}`, `${by.zh}已答复`);
    }
    case 'linked':
      return told(
        `worked on together with ticket ${follow.master.number}; its reply will be yours`,
        `已并入工单 ${follow.master.number} 一并办理，办结后将答复您`,
      );
    case 'open':
      return workOn(events, { unit }) ?? told('received', '已受理');
    default:
      return follow satisfies never;
  }
};

/** By the newest event that says anything about it. */
function workOn(events: readonly TicketEvent[], names: Pick<Names, 'unit'>): Told | undefined {
  for (const event of [...events].reverse()) {
    const state = stateAfter(event, names);
    if (state !== undefined) return state;
  }
  return undefined;
}

function stateAfter(event: TicketEvent, { unit }: Pick<Names, 'unit'>): Told | undefined {
  switch (event.name) {
    case 'ticket.held':
    case 'ticket.unlinked':
    case 'assignment.released':
      return told('being dispatched', '正在派单');
    case 'ticket.assigned':
      return told(`dispatched to ${unit(event.payload.lead)}`, `已派至${unit(event.payload.lead)}`);
    case 'assignment.returned':
    case 'return.accepted':
      return told('the right unit is being looked for', '正在核定承办单位');
    case 'assignment.signed':
    case 'work.progressed':
    case 'work.resumed':
    case 'citizen.contacted':
    case 'return.refused':
    case 'reply.sent-back':
      return told(`${unit(event.payload.unit)} is working on it`, `${unit(event.payload.unit)}办理中`);
    case 'assignment.delegated':
      return told(`${unit(event.payload.to)} is working on it`, `${unit(event.payload.to)}办理中`);
    case 'work.suspended': {
      const why = wordsFor(SUSPENSION_REASON_WORDS, event.payload.reason);
      return told(`${unit(event.payload.unit)} can't go on for the moment: ${why.en}`, `${unit(event.payload.unit)}暂缓办理：${why.zh}`);
    }
    case 'reply.submitted':
      return told(
        `${unit(event.payload.unit)} has written a reply, which is being checked`,
        `${unit(event.payload.unit)}已拟答复，正在审核`,
      );
    case 'ticket.reopened':
      return told('it is done over', '重新办理');
    default:
      return undefined;
  }
}
