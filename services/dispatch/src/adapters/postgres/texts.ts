import type { Content } from '@paidan/contracts';
import type { Change, Item, Tx, Work } from '@paidan/runtime';
import type { DispatchCommand } from '../../domain/orders.js';
import type { Ticket } from '../../domain/ticket.js';

/** Keeps the texts of new tickets as they came, sealed or not; one statement for the batch. */
export function writeTexts(tx: Tx, changes: readonly Change<Ticket, DispatchCommand>[]): void {
  const ids: string[] = [];
  const contents: string[] = [];
  for (const { ticketId, before, messages } of changes) {
    if (before !== undefined) continue;
    for (const message of messages)
      if (message.kind === 'event' && message.event.name === 'ticket.registered') {
        ids.push(ticketId);
        contents.push(JSON.stringify(message.event.payload.content));
      }
  }
  if (ids.length === 0) return;
  tx.send('insert into ticket_text (ticket_id, content) select * from unnest($1::uuid[], $2::text[]) on conflict do nothing', [
    ids,
    contents,
  ]);
}

export async function readTexts(tx: Tx, ticketIds: readonly string[]): Promise<Map<string, Content>> {
  const { rows } = await tx.query<{ ticket_id: string; content: string }>(
    'select ticket_id, content from ticket_text where ticket_id = any($1::uuid[])',
    [ticketIds],
  );
  return new Map(rows.map((row) => [row.ticket_id, JSON.parse(row.content) as Content]));
}

/** Texts of the tickets that this work may route anew: those that come back, from a unit or from under a master. Most batches have none and ask nothing. */
export async function textsFor(tx: Tx, work: Work<DispatchCommand>): Promise<ReadonlyMap<string, Content>> {
  const returned: string[] = [];
  const arriving = new Map<string, Content>();
  for (const [ticketId, items] of work) {
    if (!items.some(mayRoute)) continue;
    returned.push(ticketId);
    // A log read from its beginning brings both in one batch: the text isn't in the table yet.
    for (const item of items) {
      const event = eventOf(item);
      if (event?.name === 'ticket.registered') arriving.set(ticketId, event.payload.content);
    }
  }
  if (returned.length === 0) return arriving;
  return new Map([...arriving, ...(await readTexts(tx, returned))]);
}

const ROUTES: ReadonlySet<string | undefined> = new Set(['assignment.returned', 'accept-return', 'ticket.reopened', 'unlink']);

/** The unit's word, or the dispatcher's that it may. */
const mayRoute = (item: Item<DispatchCommand>): boolean => ROUTES.has(item.kind === 'command' ? item.command.name : eventOf(item)?.name);

const eventOf = (item: Item<DispatchCommand>) =>
  item.kind === 'log' && item.decoded.kind === 'message' && item.decoded.message.kind === 'event' ? item.decoded.message.event : undefined;
