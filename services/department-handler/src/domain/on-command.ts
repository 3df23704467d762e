import type { CommandRefusal, Words } from '@paidan/contracts';
import type { Context, Decision, NewEvent } from '@paidan/runtime';
import type { WorkCommand, WorkCommandOf } from './commands.js';
import type { Facts } from './facts.js';
import { stateOf } from './notices.js';
import { RETURN_WINDOW, type Awaiting, type Ticket, type Unregistered, type WorkItem, type Withdrawn, type Holding } from './work-item.js';

type Answered = Decision<WorkItem>;
/** A work item that the speaking unit has, or had last. */
type Theirs = Exclude<WorkItem, Unregistered | Awaiting | Withdrawn> | (Withdrawn & { readonly holding: Holding });

const NOBODY: WorkItem = { status: 'unregistered', since: 0, early: [] };

/**
 * What a unit says about a ticket. A refusal shows the current state – to the unit that holds the ticket; another learns from it no more than
 * that the ticket is not its own.
 */
export function onCommand(item: WorkItem | undefined, command: WorkCommand, context: Context<Facts>): Answered {
  if (item === undefined || item.status === 'unregistered') return refused(NOBODY, 'unknown-ticket', false);
  const { unit, assignment } = command.payload;
  if (!isTheirs(item, unit)) return refused(item, 'not-yours', false);
  if (item.holding.assignment !== assignment) return refused(item, 'stale-assignment');
  switch (command.name) {
    case 'sign':
      return sign(item, command, context);
    case 'return':
      return giveBack(item, command, context);
    case 'progress':
      return note(item, command, context);
    case 'reply':
      return reply(item, command, context);
    case 'approve':
      return approve(item, command, context);
    case 'send-back':
      return sendBack(item, command, context);
    default:
      return command satisfies never;
  }
}

const isTheirs = (item: Exclude<WorkItem, Unregistered>, unit: string): item is Theirs => 'holding' in item && item.holding?.unit === unit;

const refused = (item: WorkItem, reason: CommandRefusal, shown = true): Answered => ({
  record: item,
  outcome: { accepted: false, reason, ...(shown ? { detail: { state: stateOf(item) } } : {}) },
});

const accepted = (record: Theirs, event: NewEvent): Answered => ({
  record,
  events: [event],
  outcome: {
    accepted: true,
    answer: { number: record.ticket.number, assignment: record.holding.assignment, state: stateOf(record) },
  },
});

/** Facts that head each event about an assignment, with who acted. */
const heading = (item: Theirs, command: WorkCommand) => ({
  assignment: item.holding.assignment,
  unit: item.holding.unit,
  officer: command.actor.subject,
});

/** A reply to a confidential report quotes it, so whatever is said about one is sealed alike. */
const wordsOn = (ticket: Ticket, text: string, ticketId: string, facts: Facts): Words =>
  ticket.confidentiality === 'open' ? { kind: 'open', text } : facts.seal(text, ticketId);

function sign(item: Theirs, command: WorkCommandOf<'sign'>, { now }: Context<Facts>): Answered {
  if (item.status !== 'offered') return refused(item, 'wrong-state');
  const signed = { by: command.actor.subject, at: now };
  return {
    ...accepted({ ...item, status: 'signed', since: now, signed }, { name: 'assignment.signed', payload: heading(item, command) }),
    timers: [{ name: RETURN_WINDOW, at: null }],
  };
}

function giveBack(item: Theirs, command: WorkCommandOf<'return'>, { now, facts }: Context<Facts>): Answered {
  if (item.status === 'returned') return refused(item, 'already-returned');
  if (item.status !== 'offered' && item.status !== 'signed') return refused(item, 'wrong-state');
  const { holding, ticket, rounds } = item;
  if (holding.designated) return refused(item, 'designated');
  if (holding.kept) return refused(item, 'already-returned');
  if (holding.returnUntil !== undefined && now > holding.returnUntil) return refused(item, 'return-window-passed');
  const { reason, grounds, legalBasis } = command.payload;
  const signed = item.status === 'signed' ? { signed: item.signed } : {};
  return {
    ...accepted(
      { status: 'returned', since: now, ticket, rounds, holding, ...signed, returned: { reason, by: command.actor.subject } },
      {
        name: 'assignment.returned',
        payload: {
          ...heading(item, command),
          reason,
          grounds: wordsOn(ticket, grounds, command.ticketId, facts),
          ...(legalBasis === undefined ? {} : { legalBasis }),
        },
      },
    ),
    timers: [{ name: RETURN_WINDOW, at: null }],
  };
}

function note(item: Theirs, command: WorkCommandOf<'progress'>, { facts }: Context<Facts>): Answered {
  if (item.status !== 'signed' && item.status !== 'replied') return refused(item, 'wrong-state');
  const words = wordsOn(item.ticket, command.payload.note, command.ticketId, facts);
  return accepted(item, { name: 'work.progressed', payload: { ...heading(item, command), note: words } });
}

function reply(item: Theirs, command: WorkCommandOf<'reply'>, { now, facts }: Context<Facts>): Answered {
  if (item.status !== 'signed') return refused(item, 'wrong-state');
  const { outcome, text } = command.payload;
  const round = item.rounds + 1;
  const reply = { round, commandId: command.commandId, by: command.actor.subject, outcome, at: now };
  const words = wordsOn(item.ticket, text, command.ticketId, facts);
  return accepted(
    { ...item, status: 'replied', since: now, rounds: round, reply },
    { name: 'reply.submitted', payload: { ...heading(item, command), round, outcome, reply: words } },
  );
}

function approve(item: Theirs, command: WorkCommandOf<'approve'>, { now, facts }: Context<Facts>): Answered {
  if (item.status !== 'replied') return refused(item, 'wrong-state');
  const { holding, ticket, reply } = item;
  if (reply.round !== command.payload.round) return refused(item, 'stale-round');
  const approver = command.actor.subject;
  // Two persons, where persons are named; a department's system that names none speaks for the unit as a whole.
  if (approver === reply.by && approver !== holding.unit) return refused(item, 'same-officer');
  const words = facts.replyWords(reply.commandId);
  if (words === undefined) throw new Error(`the text of reply ${reply.round} is not there`);
  const { round, outcome } = reply;
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

function sendBack(item: Theirs, command: WorkCommandOf<'send-back'>, { now, facts }: Context<Facts>): Answered {
  if (item.status !== 'replied') return refused(item, 'wrong-state');
  const { holding, ticket, rounds, signed, reply } = item;
  if (reply.round !== command.payload.round) return refused(item, 'stale-round');
  return accepted(
    { status: 'signed', since: now, ticket, rounds, holding, signed },
    {
      name: 'reply.sent-back',
      payload: {
        assignment: holding.assignment,
        unit: holding.unit,
        approver: command.actor.subject,
        round: reply.round,
        reason: wordsOn(ticket, command.payload.reason, command.ticketId, facts),
      },
    },
  );
}
