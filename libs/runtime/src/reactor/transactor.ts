import { uuidv7, UUIDV7_RANDOM_BYTES } from '@paidan/kernel';
import { createHash } from 'node:crypto';
import { RuntimeError } from '../errors.js';
import { headersToBytes, type LogRecord, type Slice } from '../kafka/log-record.js';
import { ParkLimiter } from '../parking/park-limiter.js';
import type { Tx } from '../postgres/transaction.js';
import { createdMeanwhile, Rows } from '../postgres/rows.js';
import { freshRandom } from '../random.js';
import type { Command, Notice, Outcome } from './decision.js';
import { settleWords, wordsOf, type RestoredFolds } from '../restore/words.js';
import { foldTicket, type FoldedTicket, type FoldTools, type Memory } from './fold-ticket.js';
import { newRow, type TicketRow } from './row.js';
import type { RuntimeParts, ServiceDefinition } from './service.js';
import { commandOf, isFresh, isRepeatable, opensTicket, type Item, type Work } from './work.js';
import * as store from './store.js';

export interface Quarantined {
  readonly record: LogRecord;
  readonly reason: string;
  readonly detail: string;
}

/** What one transaction is to do. */
export interface Plan<C extends Command> {
  /** Partitions whose position moves with this transaction. */
  readonly slices: readonly Slice[];
  readonly work: Work<C>;
  readonly quarantined: readonly Quarantined[];
  /** Notices that belong to no ticket: refusals of what could not be read. */
  readonly notices: readonly Notice[];
  /** Tickets whose writes SQL refused, with the refusal. */
  readonly poison: ReadonlyMap<string, { readonly code: string; readonly message: string }>;
  /** Of a schema that was restored, until it knows what it said. */
  readonly restored?: RestoredFolds;
}

export const emptyPlan = { slices: [], quarantined: [], notices: [], poison: new Map() } as const;

export interface Result<R, C extends Command> {
  readonly tickets: readonly FoldedTicket<R, C>[];
  readonly outcomes: ReadonlyMap<string, Outcome>;
  readonly parked: number;
  /** What the relays have to send. */
  readonly said: Said;
}

/** Rows to be sent that a transaction leaves, complete once it has committed. */
export interface Said {
  readonly events: readonly store.SaidRow[];
  readonly notices: readonly store.NoticeRow[];
}

/**
 * Digest that tells a repeated command from another one under the same id. A refusal may be due to who asked (two must look at a reply, only a supervisor
 * may designate), so it answers nobody else; what was done is done, whoever asks again.
 */
function commandDigest({ name, ticketId, payload, actor }: Command, { accepted }: Outcome): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([name, ticketId, payload, ...(accepted ? [] : [actor.subject])]))
    .digest();
}

/**
 * Everything that a piece of work does to the schema, in one transaction: positions compared and set first, then the tickets locked, folded, and written with
 * their events, timers, notices, parked records and command outcomes. Each table gets one statement, whatever the number of tickets.
 */
export class Transactor<R, F, C extends Command> {
  readonly rows: Rows<R>;
  private readonly limiter: ParkLimiter;
  private readonly knownDays = new Set<string>();

  constructor(
    private readonly definition: ServiceDefinition<R, F, C>,
    private readonly parts: RuntimeParts,
    private readonly epoch: () => number,
  ) {
    this.rows = new Rows(definition.columns);
    this.limiter = new ParkLimiter(() => Date.now());
  }

  newId = (): string => uuidv7(this.parts.clock.now(), freshRandom(UUIDV7_RANDOM_BYTES));

  /** @param prepare completes the plan inside the transaction (intake settles there which submissions are new). */
  async run(plan: Plan<C>, prepare?: (tx: Tx, work: Work<C>) => Promise<void>, dryRun = false): Promise<Result<R, C>> {
    if (prepare) return this.attempt(plan, dryRun, prepare);
    try {
      return await this.attempt(plan, dryRun, undefined, true);
    } catch (error) {
      if (!(error instanceof RuntimeError && error.code === 'row-conflict')) throw error;
      return await this.attempt(plan, dryRun);
    }
  }

  /** @param trusting takes tickets that the log begins for new and doesn't look for them: most batches then need no answer before the commit's. */
  private async attempt(
    plan: Plan<C>,
    dryRun: boolean,
    prepare?: (tx: Tx, work: Work<C>) => Promise<void>,
    trusting = false,
  ): Promise<Result<R, C>> {
    const armedDays: string[] = [];
    const result = await this.parts.database
      .transaction(async (tx) => {
        store.movePositions(tx, plan.slices);
        await prepare?.(tx, plan.work);
        const folded = await this.fold(tx, plan, trusting);
        if (!dryRun) this.limiter.admit(failures(folded));
        const said = await this.write(tx, plan, folded, armedDays);
        return summarise(folded, said);
      }, dryRun)
      .catch((error: unknown) => {
        throw store.fencedBy(error, plan.slices) ?? createdMeanwhile(error) ?? error;
      });
    for (const day of armedDays) this.knownDays.add(day);
    return result;
  }

  /** Whether SQL takes what this work writes. Leaves nothing behind. @throws what SQL said. */
  async rehearse(plan: Plan<C>, prepare?: (tx: Tx, work: Work<C>) => Promise<void>): Promise<void> {
    await this.run(plan, prepare, true);
  }

  private async fold(tx: Tx, plan: Plan<C>, trusting: boolean): Promise<FoldedTicket<R, C>[]> {
    if (plan.work.size === 0) return [];
    const isNew = (first: Item<C> | undefined): boolean => first !== undefined && (isFresh(first) || (trusting && opensTicket(first)));
    const existing = [...plan.work].flatMap(([ticketId, [first]]) => (isNew(first) ? [] : [ticketId]));
    const { recall, service } = this.definition;
    const { restored } = plan;
    this.definition.lock?.(tx, plan.work);
    const [present, common, words] = await Promise.all([
      existing.length === 0 ? new Map<string, TicketRow<R>>() : this.rows.lock(tx, existing),
      this.tools(tx, plan.work),
      restored && wordsOf(tx, service, [...plan.work.keys()]),
    ]);
    const memoryOf = (ticketId: string): Memory => ({ words: words?.get(ticketId) ?? [], whole: restored?.whole ?? false });
    const tools = restored && recall ? { ...common, restored: { recall, memoryOf, wasHandled: restored.wasHandled } } : common;
    const folded: FoldedTicket<R, C>[] = [];
    for (const [ticketId, items] of plan.work)
      folded.push(foldTicket(present.get(ticketId) ?? newRow<R>(ticketId), items, tools, plan.poison.get(ticketId)));
    const changed = folded.filter((ticket) => ticket.changed);
    const inserts = changed.filter((ticket) => !present.has(ticket.ticketId)).map((ticket) => ticket.row);
    const updates = changed.filter((ticket) => present.has(ticket.ticketId)).map((ticket) => ticket.row);
    this.rows.insert(tx, inserts);
    this.rows.update(tx, updates);
    return folded;
  }

  /**
   * What a fold needs beside the row. To be asked for behind the locking of the rows, in the same turn or later: the commands' earlier outcomes are read
   * once the rows are locked, so that two equal commands can't both be new.
   */
  async tools(tx: Tx, work: Work<C>): Promise<FoldTools<R, F, C>> {
    const commands: C[] = [];
    for (const items of work.values())
      for (const item of items) {
        const command = commandOf(item);
        if (command && isRepeatable(item)) commands.push(command);
      }
    const [known, facts] = await Promise.all([
      commands.length === 0 ? new Map<string, store.KnownCommand>() : store.knownCommands(tx, commands),
      this.definition.facts(tx, work),
    ]);
    return {
      decide: this.definition.decide,
      context: { now: this.parts.clock.now(), facts, newId: this.newId },
      answer: this.definition.answer,
      knownOutcome: (command) => {
        const earlier = known.get(command.commandId);
        if (earlier === undefined) return undefined;
        const { digest, ticketId, outcome } = earlier;
        const isSame = digest === null ? ticketId === command.ticketId : digest.equals(commandDigest(command, outcome));
        if (isSame) return outcome;
        return { accepted: false, reason: 'command-id-reused' };
      },
      // Found by the key of its table, two tickets' commands under one id would be taken for bad data and park both.
      remember: (command, outcome) =>
        known.set(command.commandId, { digest: commandDigest(command, outcome), ticketId: command.ticketId, outcome }),
    };
  }

  /**
   * Writes what the folds said, armed, parked and answered, beside the rows themselves.
   * @returns lists that hold what was said once the transaction has committed
   */
  async write(
    tx: Tx,
    plan: Pick<Plan<C>, 'notices' | 'quarantined' | 'restored'>,
    folded: readonly FoldedTicket<R, C>[],
    armedDays: string[],
  ): Promise<Said> {
    const at = new Date(this.parts.clock.now()).toISOString();
    if (plan.restored) settleWords(tx, folded);
    const said: Said = {
      events: store.insertEvents(tx, folded, this.epoch(), at),
      notices: store.insertNotices(tx, folded, plan.notices, at, this.newId),
    };
    store.insertTimers(tx, folded, this.knownDays, armedDays);
    store.insertCommands(tx, folded, commandDigest);
    store.insertRecalledCommands(tx, folded);
    store.insertParked(
      tx,
      folded.flatMap((ticket) =>
        ticket.parked.map((parked) => ({ ticketId: ticket.ticketId, ...parked, headers: headersToBytes(parked.record.headers) })),
      ),
    );
    store.insertQuarantined(
      tx,
      plan.quarantined.map((entry) => ({ ...entry, headers: headersToBytes(entry.record.headers) })),
    );
    const changes = folded.flatMap(({ ticketId, before, row, events, messages, recalled }) =>
      row.record !== undefined && messages.length + recalled.length > 0
        ? [
            {
              ticketId,
              before: before.record,
              after: row.record,
              events,
              messages,
              recalled: recalled.map(({ event, after }) => ({ ...event, after })),
            },
          ]
        : [],
    );
    if (changes.length > 0) await this.definition.write?.(tx, changes);
    return said;
  }
}

function failures<R, C extends Command>(folded: readonly FoldedTicket<R, C>[]) {
  return folded.flatMap((ticket) =>
    ticket.parked.flatMap(({ error, record }) => (error ? [{ code: error.code, topic: record.topic, partition: record.partition }] : [])),
  );
}

function summarise<R, C extends Command>(folded: readonly FoldedTicket<R, C>[], said: Said): Result<R, C> {
  const outcomes = new Map<string, Outcome>();
  let parked = 0;
  for (const ticket of folded) {
    for (const [id, outcome] of ticket.outcomes) outcomes.set(id, outcome);
    if (ticket.parked.length > 0) parked += 1;
  }
  return { tickets: folded, outcomes, parked, said };
}
