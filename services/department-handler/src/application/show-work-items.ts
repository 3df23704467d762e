import type { Content, Role, Words } from '@paidan/contracts';
import { departmentError } from '../errors.js';
import { isHeld, type Holding, type Status, type WorkItem } from '../domain/work-item.js';

/** Who asks, of which unit. */
export interface Reader {
  readonly unit: string;
  readonly subject: string;
  readonly purpose: string | undefined;
}

/** Where a page ends: the last row's place in the list. */
export interface Place {
  readonly since: number;
  readonly ticketId: string;
}

export interface ListedItem {
  readonly ticketId: string;
  readonly item: WorkItem;
  /** Of an open ticket only. */
  readonly title?: string;
}

export interface StoredReply {
  readonly round: number;
  readonly officer: string;
  readonly outcome: string;
  readonly words: Words;
  readonly submittedAt: Date;
}

export interface StoredNote<Kind extends string = string> {
  readonly kind: Kind;
  readonly assignment: number;
  readonly by: string;
  readonly round: number | null;
  readonly detail: string | null;
  readonly words: Words | null;
  readonly at: Date;
}

/** What is asked of the tables beside the records. */
export interface WorkItemShelf {
  list(query: { unit: string; status: Status; after: Place | undefined; limit: number }): Promise<ListedItem[]>;
  item(ticketId: string): Promise<WorkItem | undefined>;
  content(ticketId: string): Promise<Content | undefined>;
  replies(ticketId: string, unit: string): Promise<StoredReply[]>;
  notes(ticketId: string, unit: string): Promise<StoredNote[]>;
  recordAccess(ticketIds: readonly string[], reader: Reader): Promise<void>;
}

export interface Seals {
  readonly content: (content: Content, ticketId: string) => { readonly title: string; readonly text: string; readonly place?: object };
  readonly words: (words: Words, ticketId: string) => string;
}

/** A work item somebody may read: assigned, and known by its registration. */
export type ReadableItem = Extract<WorkItem, { readonly holding?: Holding }> & { readonly holding: Holding };

const roleOf = ({ unit, coHandlers, copies }: Holding, reader: string): Role | undefined => {
  if (unit === reader) return 'lead';
  if (coHandlers.includes(reader)) return 'co-handler';
  return copies.includes(reader) ? 'copy' : undefined;
};

/** What a unit may see of its tickets. Text goes out only while the unit has part in a running or answered assignment. */
export class WorkItems {
  constructor(
    private readonly shelf: WorkItemShelf,
    private readonly seals: Seals,
  ) {}

  /** One page more than asked for tells whether there is a next. */
  async page(
    unit: string,
    status: Status,
    after: Place | undefined,
    limit: number,
  ): Promise<{ items: ListedItem[]; next: Place | undefined }> {
    const rows = await this.shelf.list({ unit, status, after, limit: limit + 1 });
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    return { items, next: rows.length > limit && last !== undefined ? { since: last.item.since, ticketId: last.ticketId } : undefined };
  }

  /** @throws PaidanError `unknown-ticket`, `not-your-ticket` */
  async one(ticketId: string, reader: Reader) {
    const item = await this.shelf.item(ticketId);
    if (item === undefined || item.status === 'unregistered') throw departmentError('unknown-ticket', 'there is no such ticket');
    const holding = 'holding' in item ? item.holding : undefined;
    const role = holding && roleOf(holding, reader.unit);
    if (holding === undefined || role === undefined) throw departmentError('not-your-ticket', 'the ticket is not with this unit');
    const readable: ReadableItem = { ...item, holding } as ReadableItem;
    if (!isHeld(item) && item.status !== 'approved') return { item: readable, role, content: undefined, replies: [], notes: [] };
    // Before the text is read: what couldn't be recorded isn't shown.
    if (item.ticket.confidentiality !== 'open') await this.shelf.recordAccess([ticketId], reader);
    const [content, replies, notes] = await Promise.all([
      this.shelf.content(ticketId),
      this.shelf.replies(ticketId, holding.unit),
      this.shelf.notes(ticketId, holding.unit),
    ]);
    return {
      item: readable,
      role,
      content: content && this.seals.content(content, ticketId),
      replies: replies.map(({ words, ...reply }) => ({ ...reply, text: this.seals.words(words, ticketId) })),
      notes: notes.map(({ words, ...note }) => ({ ...note, text: words === null ? undefined : this.seals.words(words, ticketId) })),
    };
  }
}
