import type { TicketEvent } from '@paidan/contracts';
import { isDeepStrictEqual } from 'node:util';
import type { Command, Context, Decide, Decision, Message, NewEvent, Notice, Outcome } from '../reactor/decision.js';
import { apply, unchanged, type Step } from '../reactor/fold.js';
import { isHandled, type TicketRow } from '../reactor/row.js';

/** A word of this service's own that its restored schema doesn't know of, and where it lies in the tickets' topic. */
export interface OwnWord {
  readonly event: TicketEvent;
  readonly partition: number;
  readonly offset: number;
  /** Of the command that led to it. */
  readonly commandId?: string;
}

/** A command that took effect, as its words tell: repeated, it gets this outcome. */
export interface RecalledCommand {
  readonly commandId: string;
  readonly outcome: Outcome;
}

/**
 * A service's decision backwards: what must have been done for this to have been said. Others' events are decided once more; what people and timers did is
 * known by its words alone.
 */
export interface Recall<R, F> {
  /** Whether `word` is what was said where a decision says `expected` today. Under another directory, say, even its name may be another. */
  readonly answers: (expected: NewEvent, word: TicketEvent) => boolean;
  /** The record of a decision that said `word` and not `expected`. */
  readonly amended: (record: R, expected: NewEvent, word: TicketEvent) => R;
  /**
   * The decision that said a word which no event of others led to, with all that was said along with it; undefined where the record keeps nothing of it, or
   * has gone on since.
   */
  readonly recalled: (record: R | undefined, word: TicketEvent, context: Context<F>) => Decision<R> | undefined;
  /** What a command is answered that made the record what it is. Without it, or where it gives nothing, a repeated command is decided anew. */
  readonly answered?: (record: R) => Readonly<Record<string, unknown>> | undefined;
}

/** What one message, or the words that are left, did to a ticket of a restored schema. */
export interface RecalledStep<R> {
  /** Its events are those that nobody has said yet. */
  readonly step: Step<R>;
  /** Words that have taken effect, in order. */
  readonly taken: readonly OwnWord[];
  /** How many of them had been said before the message was heard; the rest, because of it. */
  readonly before: number;
  readonly left: readonly OwnWord[];
  readonly noticesNotRepeated: number;
  readonly commands: readonly RecalledCommand[];
}

/** What a restored record is folded with. */
export interface RecallTools<R, F, C extends Command> {
  readonly recall: Recall<R, F>;
  readonly decide: Decide<R, F, C>;
  readonly context: Context<F>;
}

/**
 * Folds another service's event into a restored row. What the decision says is looked for among the words of the log: found, it is what was said, its ids and
 * instants included, and whatever stands before it was said before; not found, it was never said, nor is anything left that was, and is said now.
 * No timer fires: what it did is a word of the log, or it fires afterwards.
 * @param place where the event lies; whether it had been handled before: then its notices have gone out
 */
export function recallEvent<R, F, C extends Command>(
  row: TicketRow<R>,
  message: Extract<Message<C>, { kind: 'event' }>,
  place: { readonly offset: number; readonly wasHandled: boolean },
  words: readonly OwnWord[],
  tools: RecallTools<R, F, C>,
): RecalledStep<R> {
  const { event } = message;
  const told = new Telling(row, words, tools);
  if (isHandled(row, event)) return told.result();
  const heardAt = Date.parse(event.time);
  // What lies before it in the log was said before it was read: no answer to it, whatever it is called.
  told.recall(words.findLastIndex(({ offset }) => offset < place.offset) + 1);
  for (;;) {
    const { left } = told;
    const guess = told.decide(message, heardAt);
    const [expected] = guess?.events ?? [];
    const at = expected === undefined ? -1 : left.findIndex((word) => tools.recall.answers(expected, word.event));
    // So was what was decided before it was said.
    const before = at >= 0 ? at : left.findLastIndex((word) => Date.parse(word.event.time) < heardAt) + 1;
    if (before > 0) told.recall(before);
    else if (at === -1 && expected !== undefined && left.length > 0) told.recall(left.length);
    else {
      const word = at === 0 ? left[0] : undefined;
      told.hear(event, word === undefined ? guess : told.decide(message, Date.parse(word.event.time)), place.wasHandled);
      return told.result();
    }
  }
}

/** Folds words that nothing in the log leads to. */
export function recallWords<R, F, C extends Command>(
  row: TicketRow<R>,
  words: readonly OwnWord[],
  tools: RecallTools<R, F, C>,
): RecalledStep<R> {
  const told = new Telling(row, words, tools);
  told.recall(words.length);
  return told.result();
}

/** A row that is being told what became of it. */
class Telling<R, F, C extends Command> {
  private step: Step<R>;
  private taken = 0;
  private before: number | undefined;
  private noticesNotRepeated = 0;
  private readonly commands = new Map<string, Outcome>();

  constructor(
    row: TicketRow<R>,
    private readonly words: readonly OwnWord[],
    private readonly tools: RecallTools<R, F, C>,
  ) {
    this.step = unchanged(row);
  }

  get left(): readonly OwnWord[] {
    return this.words.slice(this.taken);
  }

  /** As it was decided then, as near as the log knows when that was: never later than now. */
  decide(message: Message<C>, at: number): Decision<R> | undefined {
    const { decide, context } = this.tools;
    return decide(this.step.row.record, message, { ...context, now: Math.min(at, context.now) });
  }

  /** Takes the next so many words, and with the last what was said along with it. */
  recall(count: number): void {
    const { recall, context } = this.tools;
    for (const until = this.taken + count; this.taken < until;) {
      const [word] = this.left;
      if (word === undefined) return;
      const decision = recall.recalled(this.step.row.record, word.event, { ...context, now: Date.parse(word.event.time) });
      const before = this.taken;
      this.settle(decision);
      if (this.taken === before) this.number(word);
      this.remember(before);
    }
  }

  hear({ service, epoch, sequence }: TicketEvent, decision: Decision<R> | undefined, wasHandled: boolean): void {
    this.before = this.taken;
    const { row } = this.step;
    this.step = { ...this.step, changed: true, row: { ...row, handled: { ...row.handled, [service]: [epoch, sequence] } } };
    const notices = wasHandled ? [] : (decision?.notices ?? []);
    this.noticesNotRepeated += (decision?.notices?.length ?? 0) - notices.length;
    this.settle(decision, notices);
    this.remember(this.before);
  }

  result(): RecalledStep<R> {
    const { step, taken, before = taken, noticesNotRepeated } = this;
    const commands = [...this.commands].map(([commandId, outcome]) => ({ commandId, outcome }));
    return { step, taken: this.words.slice(0, taken), before, left: this.left, noticesNotRepeated, commands };
  }

  /**
   * Puts the words of the log in the place of those of a decision. What the log has something else in the place of was not said then; where the log ends, the
   * rest is said now.
   */
  private settle(decision: Decision<R> | undefined, notices: readonly Notice[] = []): void {
    if (decision === undefined) return;
    let { record } = decision;
    const anew: NewEvent[] = [];
    for (const expected of decision.events ?? []) {
      const [word] = this.left;
      if (word === undefined) anew.push(expected);
      else if (this.tools.recall.answers(expected, word.event)) {
        this.number(word);
        if (!isDeepStrictEqual(word.event.payload, expected.payload)) record = this.tools.recall.amended(record, expected, word.event);
      }
    }
    const { newTimers, events, notices: told, row } = this.step;
    const next = apply(row, { ...(decision.timers && { timers: decision.timers }), record, events: anew, notices }, true);
    this.step = {
      ...next,
      newTimers: [...newTimers, ...next.newTimers],
      events: [...events, ...next.events],
      notices: [...told, ...next.notices],
    };
  }

  /** The commands that led to the words taken since: what came of one is known with the last of its words. */
  private remember(since: number): void {
    const { record } = this.step.row;
    for (const { commandId } of this.words.slice(since, this.taken)) {
      if (commandId === undefined || record === undefined) continue;
      const answer = this.tools.recall.answered?.(record);
      if (answer !== undefined) this.commands.set(commandId, { accepted: true, answer });
    }
  }

  /** The word counts as said. */
  private number({ event }: OwnWord): void {
    const { row } = this.step;
    this.taken += 1;
    this.step = { ...this.step, changed: true, row: { ...row, sequence: Math.max(row.sequence, event.sequence) } };
  }
}
