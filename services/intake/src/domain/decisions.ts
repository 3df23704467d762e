import type { EventPayload } from '@paidan/contracts';
import type { Command, Decide, Decision, Recall } from '@paidan/runtime';
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
  return {
    record: registered(payload),
    events: [{ name: 'ticket.registered', payload }],
    outcome: { accepted: true },
  };
};

export const registered = ({
  content: _content,
  queryCodeHmac: _hmac,
  handedIn: _digests,
  citizen: _citizen,
  ...facts
}: EventPayload<'ticket.registered'>): IntakeRecord => ({ status: 'registered', ...facts });

/** A restored schema knows from its own word what it registered. */
export const recall: Recall<IntakeRecord, null> = {
  answers: (expected, word) => expected.name === word.name,
  amended: (record) => record,
  recalled: (record, word) => {
    if (record !== undefined || word.name !== 'ticket.registered') return undefined;
    const { name, payload } = word;
    return { record: registered(payload), events: [{ name, payload }] };
  },
};
