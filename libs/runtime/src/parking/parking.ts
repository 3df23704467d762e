import { RuntimeError } from '../errors.js';
import { headersToBytes, type LogRecord } from '../kafka/log-record.js';
import { sqlVerdict } from '../postgres/sql-errors.js';
import type { Tx } from '../postgres/transaction.js';
import type { Command } from '../reactor/decision.js';
import { earliestDue } from '../reactor/fold.js';
import { describe, foldTicket, numberNotices, timerRecord } from '../reactor/fold-ticket.js';
import type { RuntimeParts, ServiceDefinition } from '../reactor/service.js';
import { insertNotices, insertParked } from '../reactor/store.js';
import type { Transactor } from '../reactor/transactor.js';
import type { TicketRow } from '../reactor/row.js';
import type { Work } from '../reactor/work.js';
import type { Restoration } from '../restore/restoration.js';
import { disarmed, markedAs, moveToDiscarded, refusalsOf, requireFailed, saidOf, type DiscardOrder } from './discard.js';
import { discardedOf, parkedTickets, type DiscardedRecord, type ParkedTicket } from './look.js';
import { showRecord, showWaiting, type Reading, type WaitingShown } from './show-record.js';
import { countWaiting, itemOf, timerOf, waitingBehind, waitingFor, type Waiting } from './waiting.js';

interface Failure {
  readonly code: string;
  readonly message: string;
}

export interface ReplayResult {
  readonly ticketId: string;
  /** Records decided now, and timers that came due meanwhile. */
  readonly replayed: number;
  /** Records still waiting; 0 when the ticket flows again. */
  readonly remaining: number;
  readonly error?: Failure;
}

export interface DiscardResult {
  readonly discarded: DiscardedRecord;
  /** What became of the records behind it. */
  readonly replay: ReplayResult;
}

const FAILED = 'update parked set error_code = $2, error_message = $3 where id = $1';

/** Parked tickets: what waits and why, processing it once the cause is gone, and throwing away what never will be. */
export class Parking<R, F, C extends Command> {
  private readonly reading: Reading<C>;

  constructor(
    private readonly definition: ServiceDefinition<R, F, C>,
    private readonly transactor: Transactor<R, F, C>,
    private readonly parts: RuntimeParts,
    private readonly restoration: Pick<Restoration, 'requireNone'>,
    private readonly wake: () => void,
    ticketsTopic: string,
  ) {
    this.reading = { decode: definition.decode, ticketsTopic };
  }

  list(limit = 100): Promise<ParkedTicket[]> {
    return parkedTickets(this.parts.database, limit);
  }

  async count(): Promise<number> {
    const { rows } = await this.parts.database.query<{ count: string }>('select count(distinct ticket_id) as count from parked');
    return Number(rows[0]?.count ?? 0);
  }

  /** What waits for a ticket, in order; the first is what it waits for. */
  async waiting(ticketId: string, limit = 100): Promise<{ readonly count: number; readonly records: readonly WaitingShown[] }> {
    const { database } = this.parts;
    const [count, records] = await Promise.all([countWaiting(database, ticketId), waitingFor(database, ticketId, limit)]);
    return { count, records: records.map((one) => showWaiting(this.reading, one)) };
  }

  /** What was thrown away of a ticket, oldest first. */
  discarded(ticketId: string): Promise<DiscardedRecord[]> {
    return discardedOf(this.parts.database, this.reading, ticketId);
  }

  /**
   * Decides a parked ticket's records in order, each in a transaction of its own under the ticket's lock, until none is left or one fails again.
   * New records that arrive meanwhile queue up behind and are reached in turn.
   * @throws RuntimeError `nothing-parked`
   */
  async replay(ticketId: string): Promise<ReplayResult> {
    this.restoration.requireNone();
    const result = await this.drain(ticketId);
    if (result === undefined) throw new RuntimeError('nothing-parked', `ticket ${ticketId} has nothing parked`);
    return result;
  }

  /**
   * Throws away the record that a ticket waits for, because no release will ever process it, and replays what waits behind. The record is kept, with
   * reason and operator; a unit whose command it was is refused it. Ordered twice, it is done once: the second learns of the first.
   * @throws RuntimeError `nothing-parked`; `not-first` when another record is first by now; `not-failed` when nobody knows that it fails
   */
  async discard(order: DiscardOrder): Promise<DiscardResult> {
    this.restoration.requireNone();
    const { ticketId } = order;
    const discarded = await this.parts.database.transaction((tx) => this.discardFirst(tx, order));
    this.wake();
    return { discarded, replay: (await this.drain(ticketId)) ?? { ticketId, replayed: 0, remaining: 0 } };
  }

  private async discardFirst(tx: Tx, order: DiscardOrder): Promise<DiscardedRecord> {
    const { reading } = this;
    const { ticketId, record: id, reason, by } = order;
    const row = (await this.transactor.rows.lock(tx, [ticketId])).get(ticketId);
    const [earlier] = await discardedOf(tx, reading, ticketId, id);
    if (earlier !== undefined) return earlier;
    if (row === undefined) throw new RuntimeError('nothing-parked', `ticket ${ticketId} is unknown`);
    const [first] = await waitingFor(tx, ticketId, 1);
    const { record, error } = requireFailed(first, order);

    const without = await this.without(tx, row, id, record);
    const { row: after, notices } = numberNotices(without, refusalsOf(reading, this.definition.answer, record));
    if (after !== row) this.transactor.rows.update(tx, [after]);
    const [handled, at] = [after.handled !== row.handled, new Date()];
    moveToDiscarded(tx, order, handled, at);
    const now = new Date(this.parts.clock.now()).toISOString();
    insertNotices(tx, [{ ticketId, notices }], [], now, this.transactor.newId);
    return { record: id, ...showRecord(reading, record), error, reason, by, at, handled };
  }

  private async without(tx: Tx, row: TicketRow<R>, id: string, record: LogRecord): Promise<TicketRow<R>> {
    const { reading } = this;
    const { ticketId } = row;
    const timer = timerOf(record);
    if (timer !== undefined) return disarmed(row, timer);
    const said = saidOf(reading, ticketId, record);
    if (said === undefined) return row;
    const behind = await waitingBehind(tx, ticketId, id);
    return markedAs(
      row,
      said,
      behind.flatMap((one) => saidOf(reading, ticketId, one) ?? []),
    );
  }

  /** @returns undefined when the ticket isn't parked */
  private async drain(ticketId: string): Promise<ReplayResult | undefined> {
    for (let replayed = 0; ;) {
      const step = await this.next(ticketId);
      if (step === 'not-parked') return replayed === 0 ? undefined : { ticketId, replayed, remaining: 0 };
      if (step === 'decided') replayed += 1;
      else if (step !== 'timer-waits') {
        this.wake();
        if (step === 'drained') return { ticketId, replayed, remaining: 0 };
        return { ticketId, replayed, remaining: await countWaiting(this.parts.database, ticketId), error: step };
      }
    }
  }

  private async next(ticketId: string): Promise<'decided' | 'timer-waits' | 'drained' | 'not-parked' | Failure> {
    let first: Waiting | undefined;
    try {
      return await this.parts.database.transaction(async (tx) => {
        const row = (await this.transactor.rows.lock(tx, [ticketId])).get(ticketId);
        if (row === undefined || !row.parked) return 'not-parked';
        [first] = await waitingFor(tx, ticketId, 1);
        return first === undefined ? this.finish(tx, row) : await this.decide(tx, row, first);
      });
    } catch (error) {
      if (first === undefined || sqlVerdict(error) !== 'bad-data') throw error;
      const failure = describe((error as { driverError?: unknown }).driverError ?? error);
      await this.parts.database.query(FAILED, [first.id, failure.code, failure.message]);
      return failure;
    }
  }

  private async decide(tx: Tx, row: TicketRow<R>, first: Waiting): Promise<'decided' | Failure> {
    const { ticketId } = row;
    const item = itemOf(this.reading.decode, ticketId, first.record);
    if (item !== undefined) {
      const work: Work<C> = new Map([[ticketId, [item]]]);
      const folded = foldTicket({ ...row, parked: false }, [item], await this.transactor.tools(tx, work));
      const failure = folded.parked[0]?.error;
      if (failure !== undefined) {
        tx.send(FAILED, [first.id, failure.code, failure.message]);
        return failure;
      }
      this.transactor.rows.update(tx, [{ ...folded.row, parked: true }]);
      await this.transactor.write(tx, { notices: [], quarantined: [] }, [folded], []);
    }
    tx.send('delete from parked where id = $1', [first.id]);
    return 'decided';
  }

  /**
   * Nothing waits any more, and the ticket flows again – once the timers that came due meanwhile are decided. Each goes through the queue of what waits:
   * one that can't be decided has to be seen there.
   */
  private finish(tx: Tx, row: TicketRow<R>): 'timer-waits' | 'drained' {
    const due = earliestDue(row.timers, this.parts.clock.now());
    if (due === undefined) {
      this.transactor.rows.update(tx, [{ ...row, parked: false }]);
      return 'drained';
    }
    const [name, { version }] = due;
    const record = timerRecord(row.ticketId, { name, version });
    insertParked(tx, [{ ticketId: row.ticketId, record, headers: headersToBytes(record.headers) }]);
    return 'timer-waits';
  }
}
