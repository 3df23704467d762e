import type { Context } from '@paidan/runtime';
import { accepted, heading, refused, wordsOn, type Answered, type Theirs } from './answers.js';
import type { WorkCommandOf } from './commands.js';
import type { Facts } from './facts.js';

/* 答复, and the second person who lets it go or does not. */

export function reply(item: Theirs, command: WorkCommandOf<'reply'>, { now, facts }: Context<Facts>): Answered {
  if (item.status !== 'signed') return refused(item, 'wrong-state');
  const { outcome, text } = command.payload;
  const round = item.rounds + 1;
  const submitted = { round, commandId: command.commandId, by: command.actor.subject, outcome, at: now };
  const words = wordsOn(item.ticket, text, command.ticketId, facts);
  return accepted(
    { ...item, status: 'replied', since: now, rounds: round, reply: submitted },
    { name: 'reply.submitted', payload: { ...heading(item, command), round, outcome, reply: words } },
  );
}

export function approve(item: Theirs, command: WorkCommandOf<'approve'>, { now, facts }: Context<Facts>): Answered {
  if (item.status !== 'replied') return refused(item, 'wrong-state');
  const { holding, ticket, reply: waiting } = item;
  if (waiting.round !== command.payload.round) return refused(item, 'stale-round');
  const approver = command.actor.subject;
  // Two persons, where persons are named; a department's system that names none speaks for the unit as a whole.
  if (approver === waiting.by && approver !== holding.unit) return refused(item, 'same-officer');
  const words = facts.replyWords(waiting.commandId);
  if (words === undefined) throw new Error(`the text of reply ${waiting.round} is not there`);
  const { round, outcome } = waiting;
  return accepted(
    { ...item, status: 'approved', since: now, approvedBy: approver },
    {
      name: 'reply.approved',
      payload: {
        assignment: holding.assignment,
        unit: holding.unit,
        approver,
        round,
        outcome,
        // Submitted in the same batch it is still as the unit wrote it.
        reply: words.kind === 'open' ? wordsOn(ticket, words.text, command.ticketId, facts) : words,
      },
    },
  );
}

export function sendBack(item: Theirs, command: WorkCommandOf<'send-back'>, { now, facts }: Context<Facts>): Answered {
  if (item.status !== 'replied') return refused(item, 'wrong-state');
  const { holding, ticket, rounds, signed, reply: waiting } = item;
  if (waiting.round !== command.payload.round) return refused(item, 'stale-round');
  return accepted(
    { status: 'signed', since: now, ticket, rounds, holding, signed },
    {
      name: 'reply.sent-back',
      payload: {
        assignment: holding.assignment,
        unit: holding.unit,
        approver: command.actor.subject,
        round: waiting.round,
        reason: wordsOn(ticket, command.payload.reason, command.ticketId, facts),
      },
    },
  );
}
