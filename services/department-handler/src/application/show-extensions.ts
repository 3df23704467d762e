import type { Words } from '@paidan/contracts';
import { extensionWaiting, type WorkItem } from '../domain/work-item.js';
import type { Place, Reader, Seals, WorkItemShelf } from './show-work-items.js';

/** A ticket whose unit asked for more time. */
export interface WaitingExtension {
  readonly ticketId: string;
  readonly item: WorkItem;
  readonly grounds: Words;
}

export interface ExtensionShelf extends Pick<WorkItemShelf, 'recordAccess'> {
  extensions(after: Place | undefined, limit: number): Promise<WaitingExtension[]>;
}

/** 延期待审: what the desk has to decide on, the longest waiting first. */
export class ExtensionRequests {
  constructor(
    private readonly shelf: ExtensionShelf,
    private readonly seals: Pick<Seals, 'words'>,
  ) {}

  async page(reader: Reader, after: Place | undefined, limit: number) {
    const rows = await this.shelf.extensions(after, limit + 1);
    const shown = rows.slice(0, limit).flatMap(({ ticketId, item, grounds }) => {
      const waiting = extensionWaiting(item);
      return waiting === undefined || !('holding' in item) || item.holding?.extensions === undefined
        ? []
        : [{ ticketId, ticket: item.ticket, holding: item.holding, extension: item.holding.extensions.asked, waiting, grounds }];
    });
    // Grounds may quote what was entrusted: before they are read, the reading is recorded.
    const entrusted = shown.filter(({ ticket }) => ticket.confidentiality !== 'open').map(({ ticketId }) => ticketId);
    if (entrusted.length > 0) await this.shelf.recordAccess(entrusted, reader);
    const last = shown.at(-1);
    return {
      items: shown.map(({ grounds, ...one }) => ({ ...one, grounds: this.seals.words(grounds, one.ticketId) })),
      next: rows.length > limit && last !== undefined ? { since: last.waiting.at, ticketId: last.ticketId } : undefined,
    };
  }
}

export type ExtensionShown = Awaited<ReturnType<ExtensionRequests['page']>>['items'][number];
