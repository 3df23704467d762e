import { RuntimeError } from '../errors.js';
import type { LogBatch, LogRecord, Slice } from '../kafka/log-record.js';
import type { Tx } from '../postgres/transaction.js';
import { sqlVerdict } from '../postgres/sql-errors.js';
import { currentTraceparent } from '../tracing.js';
import type { Command, Notice, Outcome } from './decision.js';
import { isolate } from './isolate.js';
import type { TicketRow } from './row.js';
import type { RuntimeParts, ServiceDefinition } from './service.js';
import type { Restoration } from '../restore/restoration.js';
import type { RestoredFolds } from '../restore/words.js';
import { emptyPlan, Transactor, type Plan, type Quarantined, type Result, type Said } from './transactor.js';
import { addWork, commandOf, decoded, type Decoded, type Work } from './work.js';

/** A person's command meets at most this many races with another transaction before it is answered 503. */
const COMMAND_ATTEMPTS = 4;

/**
 * The shape all services share: takes batches of the log, commands and timers, and lets the service's pure `decide` fold them into its records,
 * exactly once in effect. Failures of one ticket stay with that ticket.
 */
export class Reactor<R, F, C extends Command> {
  readonly transactor: Transactor<R, F, C>;

  constructor(
    readonly definition: ServiceDefinition<R, F, C>,
    private readonly parts: RuntimeParts,
    private readonly restoration: Pick<Restoration, 'epoch' | 'requireNone' | 'folds' | 'recordsOf'>,
    /** Called after a commit that left something to send. */
    private readonly toSend: (said: Said) => void,
  ) {
    this.transactor = new Transactor(definition, parts, () => restoration.epoch);
  }

  /**
   * Handles a batch: everything commits together with the partitions' positions, or nothing does.
   * @param prepare completes the work inside the transaction; called again for each attempt with work of its own.
   * @throws Fenced when another process owns one of the partitions; RuntimeError `partition-halted`; transient errors as they are: the caller waits and repeats.
   */
  async batch(batch: LogBatch, prepare?: (tx: Tx, work: Work<C>) => Promise<void>): Promise<Result<R, C> | undefined> {
    const began = performance.now();
    const plan = this.plan(batch.slices);
    if (plan.work.size === 0 && plan.quarantined.length === 0 && !prepare) return undefined;
    const restored = plan.work.size > 0 ? await this.folds(plan) : undefined;
    const result = await this.isolating(restored ? { ...plan, restored } : plan, prepare);
    const records = batch.slices.reduce((sum, slice) => sum + slice.records.length, 0);
    this.parts.metrics.observe('paidan_batch_records', 'Records in a batch', records);
    this.parts.metrics.observe('paidan_batch_seconds', 'Time to handle a batch, commit included', (performance.now() - began) / 1000);
    this.settle(result, plan.quarantined.length);
    return result;
  }

  /** Others' events tell a restored schema what it was; what strangers ask of it waits. */
  private async folds({ slices, work, notices }: Plan<C>): Promise<RestoredFolds | undefined> {
    const restored = await this.restoration.folds(slices);
    if (restored === undefined) return undefined;
    const isAsked = notices.length > 0 || [...work.values()].some((items) => items.some((item) => commandOf(item) !== undefined));
    if (isAsked) this.restoration.requireNone();
    return restored;
  }

  /** Folds what a restored schema was told of these tickets, once nothing else is to come. */
  async recallRest(ticketIds: readonly string[], restored: RestoredFolds): Promise<void> {
    this.settle(await this.isolating({ ...emptyPlan, work: new Map(ticketIds.map((id) => [id, []])), restored }), 0);
  }

  /**
   * Moves positions without folding anything: past stretches that concern nobody, and past records that were taken in another, repeatable way
   * (submissions, idempotent by channel and external id), together with the answers to their senders and what went to quarantine.
   */
  async moveOn(slices: readonly Slice[], extras: Partial<Pick<Plan<C>, 'notices' | 'quarantined'>> = {}): Promise<void> {
    if (extras.notices !== undefined || extras.quarantined !== undefined) this.restoration.requireNone();
    const result = await this.transactor.run({ ...emptyPlan, ...extras, slices, work: new Map() });
    this.settle(result, extras.quarantined?.length ?? 0);
  }

  /**
   * A transaction whose work `prepare` finds out inside it; for group commits. Nothing is parked or bisected: the caller splits its group.
   * `notices` takes what is to be said beside any ticket (a directory version), in the same transaction.
   */
  async apply(prepare: (tx: Tx, work: Work<C>, notices: Notice[]) => Promise<void>): Promise<Result<R, C>> {
    const notices: Notice[] = [];
    const result = await this.transactor.run({ ...emptyPlan, notices, work: new Map() }, async (tx, work) => {
      await prepare(tx, work, notices);
      // What is beside any ticket (the directory that a service starts with) is the schema's own; its notices wait.
      if (work.size > 0) this.restoration.requireNone();
    });
    this.settle(result, 0);
    return result;
  }

  /**
   * A person's command, as an ordinary transaction through the same fold.
   * @throws RuntimeError `ticket-parked` (409), `database-unavailable`, `restoring` (503)
   */
  async command(command: C): Promise<Outcome> {
    this.restoration.requireNone();
    const traceparent = currentTraceparent();
    const plan = (): Plan<C> => ({
      ...emptyPlan,
      work: new Map([[command.ticketId, [{ kind: 'command', command, ...(traceparent !== undefined && { traceparent }) }]]]),
    });
    for (let attempt = 1; ; attempt += 1)
      try {
        const result = await this.transactor.run(plan());
        this.settle(result, 0);
        const outcome = result.outcomes.get(command.commandId);
        if (outcome === undefined) throw new RuntimeError('command-without-outcome', `no outcome for command ${command.name}`);
        return outcome;
      } catch (error) {
        // 23505: the same command committed through another door between our look and our insert; the next attempt finds its outcome.
        const raced = (error instanceof RuntimeError && error.code === 'row-conflict') || (error as { code?: string }).code === '23505';
        if (!raced || attempt >= COMMAND_ATTEMPTS) throw error;
      }
  }

  /** Folds timers that the scan found, inside its own transaction, whose fence `prepare` sets. */
  async timers(due: readonly { ticketId: string; name: string; version: number }[], prepare: (tx: Tx) => Promise<void>): Promise<void> {
    this.restoration.requireNone();
    const work: Work<C> = new Map();
    for (const { ticketId, name, version } of due) addWork(work, ticketId, { kind: 'timer', name, version });
    this.settle(await this.isolating({ ...emptyPlan, work }, prepare), 0);
  }

  /** Runs a plan; when SQL refuses its data, finds the tickets it refuses and parks those. */
  async isolating(plan: Plan<C>, prepare?: (tx: Tx, work: Work<C>) => Promise<void>): Promise<Result<R, C>> {
    try {
      return await this.transactor.run(plan, prepare);
    } catch (error) {
      if (sqlVerdict(error) !== 'bad-data') throw error;
      this.parts.log.warn({ err: error, tickets: plan.work.size }, 'SQL refused a batch: looking for the ticket');
    }
    const poison = await isolate([...plan.work.keys()], (ids) =>
      this.transactor.rehearse({ ...plan, work: new Map(ids.map((id) => [id, plan.work.get(id) ?? []])) }, prepare),
    );
    return await this.transactor.run({ ...plan, poison }, prepare);
  }

  async read(ticketId: string): Promise<TicketRow<R> | undefined> {
    return this.transactor.rows.read(this.parts.database, ticketId);
  }

  private plan(slices: readonly Slice[]): Plan<C> {
    const work: Work<C> = new Map();
    const quarantined: Quarantined[] = [];
    const notices: Notice[] = [];
    for (const slice of slices)
      for (const record of this.restoration.recordsOf(slice)) {
        const found = this.decode(record);
        if (found.kind === 'skip') continue;
        if (found.kind === 'quarantine') {
          quarantined.push({ record, reason: found.reason, detail: found.detail });
          if (found.notices) notices.push(...found.notices);
        } else addWork(work, found.ticketId, { kind: 'log', record, decoded: found });
      }
    return { ...emptyPlan, slices, work, quarantined, notices };
  }

  private decode(record: LogRecord): Decoded<C> {
    const found = decoded(this.definition.decode, record);
    // What this service said itself is in its rows already; it comes back on the log for the others.
    if (found.kind === 'message' && found.message.kind === 'event' && found.message.event.service === this.definition.service)
      return { kind: 'skip' };
    return found;
  }

  private settle(result: Result<R, C>, quarantined: number): void {
    const { log, metrics } = this.parts;
    this.toSend(result.said);
    for (const ticket of result.tickets) {
      for (const message of ticket.messages)
        metrics.count('paidan_messages_total', 'Messages that took effect', { kind: message.kind, name: nameOf(message) });
      for (const { event } of ticket.events) metrics.count('paidan_events_total', 'Events said, by type', { name: event.name });
      for (const { error, record } of ticket.parked)
        if (error)
          log.error(
            { ticketId: ticket.ticketId, topic: record.topic, partition: record.partition, offset: record.offset, code: error.code },
            'ticket parked',
          );
    }
    if (quarantined > 0) {
      metrics.count('paidan_quarantined_total', 'Records put in quarantine', {}, quarantined);
      log.error({ count: quarantined }, 'records quarantined');
    }
  }
}

function nameOf(
  message:
    | { kind: 'event'; event: { name: string } }
    | { kind: 'command'; command: { name: string } }
    | { kind: 'timer'; timer: { name: string } },
): string {
  switch (message.kind) {
    case 'event':
      return message.event.name;
    case 'command':
      return message.command.name;
    case 'timer':
      return message.timer.name;
    default:
      return message satisfies never;
  }
}
