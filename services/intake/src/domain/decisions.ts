import type { EventPayload } from '@paidan/contracts';
import type { Command, Decide, Decision } from '@paidan/runtime';
import type { IntakeRecord } from './ticket.js';

/** Why intake refuses a command. */
export const REFUSALS = ['already-registered'] as const;

/** Register a submission that turned out to be new. Its id is the ticket's: a ticket is registered once. */
export type RegisterCommand = Command<'register', EventPayload<'ticket.registered'>>;
export type IntakeCommand = RegisterCommand;

export const decide: Decide<IntakeRecord, null, IntakeCommand> = (record, message) => {
  switch (message.kind) {
    case 'command':
      return register(record, message.command);
    // Intake reads no other service's events and arms no timers.
    case 'event':
    case 'timer':
      return undefined;
    default:
      return message satisfies never;
  }
};

const register = (record: IntakeRecord | undefined, { payload }: RegisterCommand): Decision<IntakeRecord> => {
  if (record !== undefined) return { record, outcome: { accepted: false, reason: 'already-registered' } };
  const { content: _content, queryCodeHmac: _hmac, ...facts } = payload;
  return {
    record: { status: 'registered', ...facts },
    events: [{ name: 'ticket.registered', payload }],
    outcome: { accepted: true },
  };
};
