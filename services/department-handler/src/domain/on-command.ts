import type { Context } from '@paidan/runtime';
import { accepted, type Answered, heading, refused, type Theirs, tooLateToReturn, wordsOn } from './answers.js';
import type { UnitCommand, WorkCommand, WorkCommandOf } from './commands.js';
import { decideExtension, requestExtension, resume, suspend } from './delays.js';
import type { Facts } from './facts.js';
import { approve, reply, sendBack } from './replies.js';
import { RETURN_WINDOW, type Unregistered, type WorkItem } from './work-item.js';

const NOBODY: WorkItem = { status: 'unregistered', since: 0, early: [] };

/** A clock of a department's system may be ahead of ours by this much. */
const CLOCKS_APART = 5 * 60_000;

/**
 * What a unit says about a ticket, and what the desk decides about its work. A refusal shows the current state – to the unit that holds the ticket;
 * another learns from it no more than that the ticket is not its own.
 */
export function onCommand(item: WorkItem | undefined, command: WorkCommand, context: Context<Facts>): Answered {
  if (item === undefined || item.status === 'unregistered') return refused(NOBODY, 'unknown-ticket', false);
  if (command.name === 'decide-extension') {
    if (!isSomebodys(item)) return refused(item, 'wrong-state');
    return item.holding.assignment === command.payload.assignment
      ? decideExtension(item, command, context)
      : refused(item, 'stale-assignment');
  }
  const { unit, assignment } = command.payload;
  if (!isSomebodys(item) || item.holding.unit !== unit) return refused(item, 'not-yours', false);
  if (item.holding.assignment !== assignment) return refused(item, 'stale-assignment');
  return onUnitCommand(item, command, context);
}

function onUnitCommand(item: Theirs, command: UnitCommand, context: Context<Facts>): Answered {
  switch (command.name) {
    case 'sign':
      return sign(item, command, context);
    case 'return':
      return giveBack(item, command, context);
    case 'contact':
      return contact(item, command, context);
    case 'progress':
      return note(item, command, context);
    case 'suspend':
      return suspend(item, command, context);
    case 'resume':
      return resume(item, command, context);
    case 'request-extension':
      return requestExtension(item, command, context);
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

const isSomebodys = (item: Exclude<WorkItem, Unregistered>): item is Theirs => 'holding' in item && item.holding !== undefined;

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
  if (holding.returnUntil !== undefined && now > holding.returnUntil) return tooLateToReturn(item, holding.returnUntil);
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

/** 先行联系: reached or not, the unit has tried. */
function contact(item: Theirs, command: WorkCommandOf<'contact'>, { now }: Context<Facts>): Answered {
  if (item.status !== 'signed' && item.status !== 'suspended' && item.status !== 'replied') return refused(item, 'wrong-state');
  const { outcome, contactedAt } = command.payload;
  const at = contactedAt === undefined ? now : Date.parse(contactedAt);
  if (at > now + CLOCKS_APART || at < Date.parse(item.ticket.receivedAt)) return refused(item, 'time-not-possible');
  return accepted(
    { ...item, holding: { ...item.holding, contacted: true } },
    { name: 'citizen.contacted', payload: { ...heading(item, command), outcome, contactedAt: new Date(at).toISOString() } },
  );
}

function note(item: Theirs, command: WorkCommandOf<'progress'>, { facts }: Context<Facts>): Answered {
  if (item.status !== 'signed' && item.status !== 'suspended' && item.status !== 'replied') return refused(item, 'wrong-state');
  const words = wordsOn(item.ticket, command.payload.note, command.ticketId, facts);
  return accepted(item, { name: 'work.progressed', payload: { ...heading(item, command), note: words } });
}
