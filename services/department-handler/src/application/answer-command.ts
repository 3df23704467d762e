import type { OutboundMessage } from '@paidan/contracts';
import type { Notice, Outcome } from '@paidan/runtime';
import type { WorkCommand } from '../domain/commands.js';
import { noticeTo } from '../domain/notices.js';
import { refusalOf } from './refusals.js';

type State = OutboundMessage<'command.accepted'>['state'];

/** What an accepted command answers; kept with the command's id like a refusal, so that a repeated one gets the same. */
export interface Acceptance {
  readonly number: string;
  readonly assignment: number;
  readonly state: State;
}

/** The answer to a command that came over a unit's topic, on the unit's other topic. Whoever wrote there reads there, whatever the directory says. */
export const answerCommand = (command: WorkCommand, outcome: Outcome): Notice[] => {
  // The desk decides over HTTP, and is answered there.
  if (command.name === 'decide-extension') return [];
  const { commandId, name, ticketId } = command;
  const { unit } = command.payload;
  if (outcome.accepted) {
    // Decided by onCommand, which answers nothing else.
    const answer = outcome.answer as unknown as Acceptance;
    return [noticeTo(unit, ticketId, { type: 'command.accepted', ticketId, unit, commandId, command: name, ...answer })];
  }
  const { reason, title, titleZh } = refusalOf(outcome.reason);
  const state = outcome.detail?.['state'] as State | undefined;
  const windowEnded = outcome.detail?.['windowEnded'] as string | undefined;
  return [
    noticeTo(unit, ticketId, {
      type: 'command.refused',
      reason,
      detail: title,
      detailZh: titleZh,
      errors: [],
      commandId,
      command: name,
      ticketId,
      ...(state === undefined ? {} : { state }),
      ...(windowEnded === undefined ? {} : { windowEnded }),
    }),
  ];
};
