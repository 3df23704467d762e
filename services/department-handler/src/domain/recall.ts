import type { EventName, TicketEvent } from '@paidan/contracts';
import type { Context, Decision, Message, NewEvent, Recall } from '@paidan/runtime';
import { acceptanceOf, type Theirs } from './answers.js';
import type { WorkCommand } from './commands.js';
import { decideWork } from './decisions.js';
import type { Facts } from './facts.js';
import { RETURN_WINDOW, SUSPENSION, type WorkItem } from './work-item.js';

const RELEASE_ANSWERS: ReadonlySet<string> = new Set<EventName>(['assignment.released', 'release.refused']);

/** What two events must have in common to be the same word: assignments, rounds and extensions are numbered. */
const aboutOf = ({ name, payload }: NewEvent | TicketEvent): string => {
  const { assignment, round, extension } = payload as Readonly<Record<string, unknown>>;
  return JSON.stringify([RELEASE_ANSWERS.has(name) ? 'release' : name, assignment, round, extension]);
};

/** How a restored schema learns what the holder did: the command or the timer that a word tells of is decided once more. Its answer has been given. */
export const recall: Recall<WorkItem, Facts> = {
  answers: (expected, word) => aboutOf(expected) === aboutOf(word),
  // What the record keeps of a word is what its command said; sealed texts differ each time they are sealed.
  amended: (item) => item,
  recalled: (item, word, context) => {
    const message = messageOf(word);
    if (message === undefined) return undefined;
    const words = word.name === 'reply.approved' ? word.payload.reply : undefined;
    const facts = words === undefined ? context.facts : { ...context.facts, replyWords: () => words };
    return decided(item, message, { ...context, facts });
  },
  answered: (item) => ('holding' in item && item.holding !== undefined ? acceptanceOf(item as Theirs) : undefined),
};

function decided(item: WorkItem | undefined, message: Message<WorkCommand>, context: Context<Facts>): Decision<WorkItem> | undefined {
  const decision = decideWork(item, message, context);
  if (decision === undefined || decision.outcome?.accepted === false) return undefined;
  const { record, events, timers = [] } = decision;
  // One that has fired is armed no longer.
  const fired = message.kind === 'timer' ? [{ name: message.timer.name, at: null }] : [];
  return { record, ...(events && { events }), timers: [...fired, ...timers] };
}

/** A reply's text is found by its command's id; not every word in the log carries that. */
export const commandIdOf = ({ ticketId, sequence }: Pick<TicketEvent, 'ticketId' | 'sequence'>): string =>
  `${ticketId.slice(0, 24)}${sequence.toString(16).padStart(12, '0')}`;

const timer = (name: string): Message<WorkCommand> => ({ kind: 'timer', timer: { name, dueAt: 0 } });

function messageOf(word: TicketEvent): Message<WorkCommand> | undefined {
  const { ticketId } = word;
  const given = (by: string, name: WorkCommand['name'], payload: object): Message<WorkCommand> => ({
    kind: 'command',
    command: {
      commandId: commandIdOf(word),
      ticketId,
      actor: { kind: 'unit', subject: by, roles: [] },
      name,
      payload,
    } as unknown as WorkCommand,
  });
  switch (word.name) {
    case 'assignment.signed': {
      const { officer, ...about } = word.payload;
      return officer === undefined ? timer(RETURN_WINDOW) : given(officer, 'sign', about);
    }
    case 'assignment.returned': {
      const { officer, grounds, ...about } = word.payload;
      return given(officer, 'return', { ...about, grounds: textOf(grounds) });
    }
    case 'citizen.contacted': {
      const { officer, ...about } = word.payload;
      return given(officer, 'contact', about);
    }
    case 'work.progressed': {
      const { officer, note, ...about } = word.payload;
      return given(officer, 'progress', { ...about, note: textOf(note) });
    }
    case 'work.suspended': {
      const { officer, grounds, ...about } = word.payload;
      return given(officer, 'suspend', { ...about, grounds: textOf(grounds) });
    }
    case 'work.resumed': {
      const { officer, ...about } = word.payload;
      return officer === undefined ? timer(SUSPENSION) : given(officer, 'resume', about);
    }
    case 'extension.requested': {
      const { officer, grounds, ...about } = word.payload;
      return given(officer, 'request-extension', { ...about, grounds: textOf(grounds) });
    }
    case 'extension.granted':
    case 'extension.refused': {
      const { assignment, extension, by } = word.payload;
      if (by.kind === 'rule') return undefined; // along with its request
      return given(by.subject, 'decide-extension', { assignment, extension, granted: word.name === 'extension.granted', reason: '' });
    }
    case 'reply.submitted': {
      const { officer, reply, ...about } = word.payload;
      return given(officer, 'reply', { ...about, text: textOf(reply) });
    }
    case 'reply.approved': {
      const { approver, assignment, unit, round } = word.payload;
      return given(approver, 'approve', { assignment, unit, round });
    }
    case 'reply.sent-back': {
      const { approver, reason, ...about } = word.payload;
      return given(approver, 'send-back', { ...about, reason: textOf(reason) });
    }
    default:
      return undefined;
  }
}

/** What is under a seal needn't be opened: the word itself is what is kept. */
const textOf = (words: { readonly kind: 'open'; readonly text: string } | { readonly kind: 'sealed' }): string =>
  words.kind === 'open' ? words.text : '';
