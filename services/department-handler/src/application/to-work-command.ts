import type { DepartmentCommand } from '@paidan/contracts';
import type { Actor } from '@paidan/runtime';
import type { UnitCommand } from '../domain/commands.js';

/** A department's message as a command: the members in an order of ours, because the digest that recognises a repetition is taken over them. */
export const toWorkCommand = (said: DepartmentCommand, actor: Actor, unit: string): UnitCommand => {
  const { commandId, ticketId, assignment } = said;
  const head = { commandId, ticketId, actor };
  switch (said.command) {
    case 'sign':
      return { ...head, name: said.command, payload: { unit, assignment } };
    case 'return': {
      const { reason, grounds, legalBasis } = said;
      return {
        ...head,
        name: said.command,
        payload: { unit, assignment, reason, grounds, ...(legalBasis === undefined ? {} : { legalBasis }) },
      };
    }
    case 'contact': {
      const { outcome, contactedAt } = said;
      return { ...head, name: said.command, payload: { unit, assignment, outcome, ...(contactedAt === undefined ? {} : { contactedAt }) } };
    }
    case 'suspend': {
      const { reason, grounds, until, approvedBy } = said;
      const more = { ...(until === undefined ? {} : { until }), ...(approvedBy === undefined ? {} : { approvedBy }) };
      return { ...head, name: said.command, payload: { unit, assignment, reason, grounds, ...more } };
    }
    case 'resume':
      return { ...head, name: said.command, payload: { unit, assignment } };
    case 'request-extension': {
      const { count, unit: counted } = said.span;
      return { ...head, name: said.command, payload: { unit, assignment, span: { count, unit: counted }, grounds: said.grounds } };
    }
    case 'progress':
      return { ...head, name: said.command, payload: { unit, assignment, note: said.note } };
    case 'reply':
      return { ...head, name: said.command, payload: { unit, assignment, text: said.text, outcome: said.outcome } };
    case 'approve':
      return { ...head, name: said.command, payload: { unit, assignment, round: said.round } };
    case 'send-back':
      return { ...head, name: said.command, payload: { unit, assignment, round: said.round, reason: said.reason } };
    default:
      return said satisfies never;
  }
};
