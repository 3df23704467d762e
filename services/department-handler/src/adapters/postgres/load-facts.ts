import type { Content, Words } from '@paidan/contracts';
import type { Item, Message, Tx, Work } from '@paidan/runtime';
import type { WorkCommand } from '../../domain/commands.js';
import type { Directory, Facts } from '../../domain/facts.js';

const messageOf = (item: Item<WorkCommand>): Message<WorkCommand> | undefined => {
  if (item.kind === 'command') return { kind: 'command', command: item.command };
  return item.kind === 'log' && item.decoded.kind === 'message' ? item.decoded.message : undefined;
};

/**
 * The facts for one transaction's work. Texts are kept out of the records, so those that its decisions need are read here, in one statement per
 * table: the citizen's for an offer, the reply's for an approval. What the work itself brings isn't written yet and is taken from it.
 */
export const loadFacts =
  (directory: () => Directory, policy: Facts['policy'], seal: Facts['seal']) =>
  async (tx: Tx, work: Work<WorkCommand>): Promise<Facts> => {
    const contents = new Map<string, Content>();
    const replies = new Map<string, Words>();
    const offered = new Set<string>();
    const approved = new Set<string>();
    for (const [ticketId, items] of work) {
      for (const item of items) {
        const message = messageOf(item);
        if (message?.kind === 'event') {
          if (message.event.name === 'ticket.registered') contents.set(ticketId, message.event.payload.content);
          else if (message.event.name === 'ticket.assigned' && !contents.has(ticketId)) offered.add(ticketId);
        } else if (message?.kind === 'command') {
          const { name, commandId, payload } = message.command;
          if (name === 'reply') replies.set(commandId, { kind: 'open', text: payload.text });
          else if (name === 'approve') approved.add(ticketId);
        }
      }
    }
    if (offered.size > 0) {
      const { rows } = await tx.query<{ ticket_id: string; content: string }>(
        'select ticket_id, content from ticket_text where ticket_id = any($1::uuid[])',
        [[...offered]],
      );
      for (const row of rows) contents.set(row.ticket_id, JSON.parse(row.content) as Content);
    }
    if (approved.size > 0) {
      const { rows } = await tx.query<{ command_id: string; words: string }>(
        'select command_id, words from reply where ticket_id = any($1::uuid[])',
        [[...approved]],
      );
      for (const row of rows) replies.set(row.command_id, JSON.parse(row.words) as Words);
    }
    return {
      directory: directory(),
      policy,
      content: (ticketId) => contents.get(ticketId),
      replyWords: (commandId) => replies.get(commandId),
      seal,
    };
  };
