import type { Content, Words } from '@paidan/contracts';
import type { Database } from '@paidan/runtime';
import type { ExtensionShelf, WaitingExtension } from '../../application/show-extensions.js';
import type { ListedItem, Place, Reader, StoredNote, StoredReply, WorkItemShelf } from '../../application/show-work-items.js';
import type { Status, WorkItem } from '../../domain/work-item.js';

/** Reads for people. They lock nothing: what they show may be a moment old, and a command on it is checked anew. */
export class WorkItemTables implements WorkItemShelf, ExtensionShelf {
  constructor(
    private readonly database: Database,
    private readonly now: () => number,
  ) {}

  async list(query: { unit: string; status: Status; after: Place | undefined; limit: number }): Promise<ListedItem[]> {
    const { unit, status, after, limit } = query;
    const { rows } = await this.database.query<{ ticket_id: string; record: WorkItem; content: string | null }>(
      `select k.ticket_id, k.record, t.content from ticket k left join ticket_text t using (ticket_id)
       where k.unit = $1 and k.status = $2 and ($3::timestamptz is null or (k.since, k.ticket_id) > ($3::timestamptz, $4::uuid))
       order by k.since, k.ticket_id limit $5`,
      [unit, status, after === undefined ? null : new Date(after.since), after?.ticketId ?? null, limit],
    );
    return rows.map(({ ticket_id: ticketId, record: item, content }) => {
      const parsed = content === null ? undefined : (JSON.parse(content) as Content);
      return { ticketId, item, ...(parsed?.kind === 'open' ? { title: parsed.title } : {}) };
    });
  }

  async item(ticketId: string): Promise<WorkItem | undefined> {
    const { rows } = await this.database.query<{ record: WorkItem | null }>('select record from ticket where ticket_id = $1', [ticketId]);
    return rows[0]?.record ?? undefined;
  }

  async content(ticketId: string): Promise<Content | undefined> {
    const { rows } = await this.database.query<{ content: string }>('select content from ticket_text where ticket_id = $1', [ticketId]);
    return rows[0] && (JSON.parse(rows[0].content) as Content);
  }

  async replies(ticketId: string, unit: string): Promise<StoredReply[]> {
    const { rows } = await this.database.query<{ round: number; officer: string; outcome: string; words: string; submitted_at: Date }>(
      'select round, officer, outcome, words, submitted_at from reply where ticket_id = $1 and unit = $2 order by round',
      [ticketId, unit],
    );
    return rows.map(({ words, submitted_at, ...row }) => ({ ...row, words: JSON.parse(words) as Words, submittedAt: submitted_at }));
  }

  async notes(ticketId: string, unit: string): Promise<StoredNote[]> {
    const { rows } = await this.database.query<Omit<StoredNote, 'words'> & { words: string | null }>(
      'select kind, assignment, by, round, detail, words, at from note where ticket_id = $1 and unit = $2 order by id',
      [ticketId, unit],
    );
    return rows.map(({ words, ...row }) => ({ ...row, words: words === null ? null : (JSON.parse(words) as Words) }));
  }

  async extensions(after: Place | undefined, limit: number): Promise<WaitingExtension[]> {
    const { rows } = await this.database.query<{ ticket_id: string; record: WorkItem; words: string }>(
      `select k.ticket_id, k.record, n.words
       from ticket k
       cross join lateral (
         select words from note where note.ticket_id = k.ticket_id and kind = 'extension-request' order by id desc limit 1
       ) n
       where k.extension_since is not null
         and ($1::timestamptz is null or (k.extension_since, k.ticket_id) > ($1::timestamptz, $2::uuid))
       order by k.extension_since, k.ticket_id limit $3`,
      [after === undefined ? null : new Date(after.since), after?.ticketId ?? null, limit],
    );
    return rows.map(({ ticket_id: ticketId, record: item, words }) => ({ ticketId, item, grounds: JSON.parse(words) as Words }));
  }

  async recordAccess(ticketIds: readonly string[], { unit, subject, purpose }: Reader): Promise<void> {
    await this.database.query(
      'insert into content_access (ticket_id, unit, subject, purpose, at) select id, $2::text, $3::text, $4::text, $5::timestamptz from unnest($1::uuid[]) as t (id)',
      [ticketIds, unit, subject, purpose ?? null, new Date(this.now())],
    );
  }
}
