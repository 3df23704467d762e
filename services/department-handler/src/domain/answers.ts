import type { CommandRefusal, Words } from '@paidan/contracts';
import type { Decision, NewEvent } from '@paidan/runtime';
import type { UnitCommand } from './commands.js';
import type { Facts } from './facts.js';
import { stateOf } from './notices.js';
import type { Awaiting, Closed, Holding, Ticket, Unregistered, WorkItem, Withdrawn } from './work-item.js';

export type Answered = Decision<WorkItem>;

/** A work item that some unit has, or had last. */
export type Theirs =
  Exclude<WorkItem, Unregistered | Awaiting | Withdrawn | Closed> | ((Withdrawn | Closed) & { readonly holding: Holding });

export const refused = (item: WorkItem, reason: CommandRefusal, shown = true): Answered => ({
  record: item,
  outcome: { accepted: false, reason, ...(shown ? { detail: { state: stateOf(item) } } : {}) },
});

/** The window for returns ended then, epoch ms. */
export const tooLateToReturn = (item: WorkItem, ended: number): Answered => ({
  record: item,
  outcome: {
    accepted: false,
    reason: 'return-window-passed',
    detail: { state: stateOf(item), windowEnded: new Date(ended).toISOString() },
  },
});

/** What an accepted command is answered, once the record is this. */
export const acceptanceOf = (record: Theirs) => ({
  ...{ number: record.ticket.number, assignment: record.holding.assignment },
  state: stateOf(record),
});

export const accepted = (record: Theirs, ...events: readonly NewEvent[]): Answered => ({
  record,
  events,
  outcome: { accepted: true, answer: acceptanceOf(record) },
});

/** Facts that head each event about an assignment, with who acted. */
export const heading = (item: Theirs, command: UnitCommand) => ({
  assignment: item.holding.assignment,
  unit: item.holding.unit,
  officer: command.actor.subject,
});

/** A reply to a confidential report quotes it, so whatever is said about one is sealed alike. */
export const wordsOn = (ticket: Ticket, text: string, ticketId: string, facts: Facts): Words =>
  ticket.confidentiality === 'open' ? { kind: 'open', text } : facts.seal(text, ticketId);
