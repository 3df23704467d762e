import { RuntimeError } from '../errors.js';
import { headersFromBytes, type LogRecord } from '../kafka/log-record.js';
import { sqlVerdict } from '../postgres/sql-errors.js';
import { fireWaitingTimers, foldTicket, numberNotices, TIMER_TOPIC, describe, type FoldedTicket } from '../reactor/fold-ticket.js';
import type { Command } from '../reactor/decision.js';
import type { Transactor } from '../reactor/transactor.js';
import type { RuntimeParts, ServiceDefinition } from '../reactor/service.js';
import type { Tx } from '../postgres/transaction.js';
import type { Item, Work } from '../reactor/work.js';
import type { TicketRow } from '../reactor/row.js';

export interface ReplayResult {
  readonly ticketId: string;
  /** Records decided now. */
  readonly replayed: number;
  /** Records still waiting; 0 when the ticket flows again. */
  readonly remaining: number;
  readonly error?: { readonly code: string; readonly message: string };
}

export interface ParkedTicket {
  readonly ticketId: string;
  readonly waiting: number;
  readonly since: Date;
  readonly errorCode: string;
  readonly errorMessage: string;
}

interface StoredRecord {
  id: string;
  topic: string;
  partition: number;
  log_offset: string;
  key: Buffer | null;
  headers: Buffer;
  value: Buffer | null;
}

/** Parked tickets: what waits and why, and replaying it once the cause is gone. */
export class Parking<R, F, C extends Command> {
  constructor(
    private readonly definition: ServiceDefinition<R, F, C>,
    private readonly transactor: Transactor<R, F, C>,
    private readonly parts: RuntimeParts,
    private readonly wake: () => void,
  ) {}

  async list(limit = 100): Promise<ParkedTicket[]> {
    const { rows } = await this.parts.database.query<{
      ticket_id: string;
      waiting: string;
      since: Date;
      code: string | null;
      message: string | null;
    }>(
      `select ticket_id, count(*) as waiting, min(parked_at) as since, (array_agg(error_code order by id) filter (where error_code is not null))[1] as code,
         (array_agg(error_message order by id) filter (where error_message is not null))[1] as message
       from parked group by ticket_id order by min(id) limit $1`,
      [limit],
    );
    return rows.map((row) => ({
      ticketId: row.ticket_id,
      waiting: Number(row.waiting),
      since: row.since,
      errorCode: row.code ?? 'unknown',
      errorMessage: row.message ?? '',
    }));
  }

  async count(): Promise<number> {
    const { rows } = await this.parts.database.query<{ count: string }>('select count(distinct ticket_id) as count from parked');
    return Number(rows[0]?.count ?? 0);
  }

  /**
   * Decides a parked ticket's records in order, each in a transaction of its own under the ticket's lock, until none is left or one fails again.
   * New records that arrive meanwhile queue up behind and are reached in turn.
   * @throws RuntimeError `nothing-parked`
   */
  async replay(ticketId: string): Promise<ReplayResult> {
    for (let replayed = 0; ; replayed += 1) {
      const step = await this.replayNext(ticketId).catch((error: unknown) => {
        if (sqlVerdict(error) !== 'bad-data') throw error;
        return { error: describe((error as { driverError?: unknown }).driverError ?? error) };
      });
      if (step === 'drained') {
        this.wake();
        return { ticketId, replayed, remaining: 0 };
      }
      if (step === 'nothing') {
        if (replayed === 0) throw new RuntimeError('nothing-parked', `ticket ${ticketId} has nothing parked`);
        return { ticketId, replayed, remaining: 0 };
      }
      if (step !== 'decided') {
        const remaining = await this.fail(ticketId, step.error);
        this.wake();
        return { ticketId, replayed, remaining, error: step.error };
      }
    }
  }

  private async replayNext(ticketId: string): Promise<'decided' | 'drained' | 'nothing' | { error: { code: string; message: string } }> {
    return this.parts.database.transaction(async (tx) => {
      const row = (await this.transactor.rows.lock(tx, [ticketId])).get(ticketId);
      if (row === undefined || !row.parked) return 'nothing';
      const { rows } = await tx.query<StoredRecord>(
        'select id, topic, partition, log_offset, key, headers, value from parked where ticket_id = $1 order by id limit 1',
        [ticketId],
      );
      const stored = rows[0];
      if (stored === undefined) return (await this.finish(tx, row)) ?? 'drained';
      const item = this.toItem(ticketId, stored);
      if (item !== undefined) {
        const work: Work<C> = new Map([[ticketId, [item]]]);
        const folded = foldTicket({ ...row, parked: false }, [item], await this.transactor.tools(tx, work));
        const failed = folded.parked[0]?.error;
        if (failed) return { error: failed };
        await this.save(tx, { ...folded, row: { ...folded.row, parked: true } });
      }
      tx.send('delete from parked where id = $1', [stored.id]);
      return 'decided';
    });
  }

  /** Nothing waits any more: the timers that came due meanwhile are fired, and the ticket flows again. */
  private async finish(tx: Tx, row: TicketRow<R>): Promise<{ error: { code: string; message: string } } | undefined> {
    const tools = await this.transactor.tools(tx, new Map());
    try {
      const step = fireWaitingTimers({ ...row, parked: false }, tools);
      const folded = foldTicket(step.row, [], tools);
      const timers = step.newTimers.filter((timer) => step.row.timers[timer.name]?.version === timer.version);
      await this.save(tx, {
        ...folded,
        before: row,
        changed: true,
        events: step.events,
        ...numberNotices(folded.row, step.notices),
        timers,
      });
      return undefined;
    } catch (error) {
      if (sqlVerdict(error) !== 'fatal') throw error;
      return { error: describe(error) };
    }
  }

  private async save(tx: Tx, folded: FoldedTicket<R, C>): Promise<void> {
    this.transactor.rows.update(tx, [folded.row]);
    await this.transactor.write(tx, { notices: [], quarantined: [] }, [folded], []);
  }

  private toItem(ticketId: string, stored: StoredRecord): Item<C> | undefined {
    if (stored.topic.startsWith(TIMER_TOPIC)) return undefined; // still armed in the row: fired when the rest has been decided
    const record: LogRecord = {
      topic: stored.topic,
      partition: stored.partition,
      offset: Number(stored.log_offset),
      key: stored.key,
      value: stored.value,
      headers: headersFromBytes(stored.headers),
      timestamp: 0,
    };
    const decoded = this.definition.decode(record);
    // What today's release has no use for any more is decided by doing nothing.
    if (decoded.kind === 'skip') return undefined;
    if (decoded.kind === 'quarantine')
      return { kind: 'log', record, decoded: { kind: 'unprocessable', ticketId, code: decoded.reason, detail: decoded.detail } };
    return { kind: 'log', record, decoded };
  }

  private async fail(ticketId: string, error: { code: string; message: string }): Promise<number> {
    await this.parts.database.query(
      'update parked set error_code = $2, error_message = $3 where id = (select min(id) from parked where ticket_id = $1)',
      [ticketId, error.code, error.message],
    );
    const { rows } = await this.parts.database.query<{ count: string }>('select count(*) as count from parked where ticket_id = $1', [
      ticketId,
    ]);
    return Number(rows[0]?.count ?? 0);
  }
}
