import { EVENTS, type TicketEvent } from '@paidan/contracts';
import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import type { Command, Outcome } from '../reactor/decision.js';
import { earliestDue, foldTimer, type NumberedEvent } from '../reactor/fold.js';
import { newRow, type TicketRow } from '../reactor/row.js';
import { recallEvent, recallWords, type OwnWord, type Recall, type RecalledCommand } from '../restore/recall.js';
import { live, type LivedStep } from './live.kit.js';
import type { Happening } from './story.kit.js';
import { must, type Told } from './told.kit.js';

/** Words are in the log this long after they were said, in offsets; what others say meanwhile lies before them. */
const DELAYS = [1, 1, 15, 1];

/**
 * Lives a story, puts the row back to what it was after `known` of its steps, and lets the log tell it the rest: others' events, heard once more, and the
 * service's own words. Checks that it becomes what it was, that nothing is said anew, and that the same timers are armed.
 * @param bare what of a record the log can give back
 * @param unsent of so many of the last steps nothing got to the log, which ended before: that is said anew
 */
export function liveRestored<R extends { readonly status: string }, F, C extends Command>(
  told: Told<R, F, C>,
  recall: Recall<R, F>,
  story: readonly Happening[],
  known: number,
  bare: (record: R | undefined) => unknown = (record) => record,
  unsent = 0,
): { readonly recalled: number } {
  const steps: LivedStep<R>[] = [];
  // Each at its own instant, and heard when it was said: else the log doesn't tell in which order things happened.
  const timely = story.map((one) => ({
    ...one,
    after: one.after + 1_000,
    ...(one.kind === 'event' ? { late: 0, numbered: 'next' as const } : {}),
  }));
  const { row: was } = live(told, timely, (step) => steps.push(step));
  const service = told.service;
  const words = steps.slice(known, steps.length - unsent).flatMap(({ said, now, outcome }, i): OwnWord[] =>
    said.map(({ event, sequence, byTimer = false }, n) => {
      const offset = (known + i) * 10 + (DELAYS[(known + i) % DELAYS.length] ?? 1) + n;
      const about = {
        ticketId: told.ticketId,
        service,
        epoch: 1,
        sequence,
        time: new Date(now).toISOString(),
        id: `${told.ticketId}.1.${sequence}`,
      };
      const commandId = outcome === undefined || byTimer ? {} : { commandId: String(known + i) };
      return { partition: 0, offset, event: { ...event, ...about } as unknown as TicketEvent, ...commandId };
    }),
  );
  // Later than any timer that only looks again: one that looked in vain and one that never did are armed alike then.
  const end = (steps.at(-1)?.now ?? 0) + 10_000;
  let ids = 0;
  const newId = (): string => `0193a3c2-0000-7000-9000-${String((ids += 1)).padStart(12, '0')}`;
  const tools = { recall, decide: told.decide, context: { now: end, facts: told.factsAt(end), newId } };
  let row: TicketRow<R> = steps[known - 1]?.row ?? newRow<R>(told.ticketId);
  let left: readonly OwnWord[] = words;
  const anew: NumberedEvent[] = [];
  const commands: RecalledCommand[] = [];
  for (const [i, { heard }] of steps.entries()) {
    if (i < known || heard === undefined) continue;
    const next = recallEvent(row, { kind: 'event', event: heard }, { offset: i * 10, wasHandled: true }, left, tools);
    ({ row } = next.step);
    ({ left } = next);
    anew.push(...next.step.events);
    commands.push(...next.commands);
    must('notices that went out are not repeated', next.step.notices.length === 0, next.step.notices);
  }
  const rest = recallWords(row, left, tools);
  ({ row } = rest.step);
  anew.push(...rest.step.events);
  commands.push(...rest.commands);

  const seen = { steps: steps.map(({ heard, said }) => [heard?.name, ...said.map(({ event }) => event.name)]), known };
  const names = (said: readonly NumberedEvent[]): string => said.map(({ event }) => event.name).join();
  const never = steps.slice(steps.length - unsent).flatMap(({ said }) => said);
  must('what was never sent is said anew, and nothing else', names(anew) === names(never), { anew, ...seen });
  must('its numbers go on from the last', row.sequence === was.sequence, { now: row.sequence, was: was.sequence, ...seen });
  const remembered = new Map(commands.map(({ commandId, outcome }) => [commandId, outcome]));
  for (const [i, { said, outcome }] of steps.slice(0, steps.length - unsent).entries()) {
    if (i < known || outcome === undefined || said.length === 0 || recall.answered === undefined) continue;
    const is = remembered.get(String(i));
    must('a command is answered as it was, as far as the log knows', isPartOf(answerIn(is), answerIn(outcome)), { is, outcome, ...seen });
  }
  // What nobody was told of (a stage that was passed over in silence) is done by the next timer.
  const [now, then] = [caughtUp(row, told, end), caughtUp(was, told, end)];
  must('what is due says the same', isDeepStrictEqual(plain(now.said), plain(then.said)), { now: now.said, then: then.said, ...seen });
  const [is, should] = [plain(bare(now.row.record)), plain(bare(then.row.record))];
  must('the record is what it was', isDeepStrictEqual(is, should), { is, should, ...seen });
  const [armed, were] = [armedIn(now.row), armedIn(then.row)];
  must('the same timers are armed', isDeepStrictEqual(armed, were), { armed, were, ...seen });
  must(
    'each word is its own',
    words.every(({ event }) => EVENTS[event.name].service === service),
    words,
  );
  return { recalled: words.length };
}

/**
 * Holds {@link liveRestored} to many stories, each cut anywhere.
 * @returns how many words were recalled in all
 */
export function liveManyRestored<R extends { readonly status: string }, F, C extends Command>(
  toldOf: (story: readonly Happening[]) => Told<R, F, C>,
  recall: Recall<R, F>,
  cast: fc.Arbitrary<readonly Happening[]>,
  runs: fc.Parameters<[readonly Happening[], number]>,
  bare: (record: R | undefined) => unknown,
): number {
  let recalled = 0;
  fc.assert(
    fc.property(cast, fc.nat(30), (story, known) => {
      recalled += liveRestored(toldOf(story), recall, story, Math.min(known, story.length), bare).recalled;
    }),
    runs,
  );
  return recalled;
}

/** The row once every timer that is due has fired. */
function caughtUp<R extends { readonly status: string }, F, C extends Command>(start: TicketRow<R>, told: Told<R, F, C>, now: number) {
  let ids = 0;
  const newId = (): string => `0193a3c2-0000-7000-a000-${String((ids += 1)).padStart(12, '0')}`;
  const said: unknown[] = [];
  let row = start;
  for (let due = earliestDue(row.timers, now); due !== undefined; due = earliestDue(row.timers, now)) {
    const [name, { version }] = due;
    const step = foldTimer(row, { name, version }, told.decide, { now, facts: told.factsAt(now), newId });
    ({ row } = step);
    said.push(...step.events.map(({ event }) => event));
  }
  return { row, said };
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));
const answerIn = (outcome: Outcome | undefined): object =>
  outcome?.accepted === true ? (plain(outcome.answer) as object) : { refused: true };
const isPartOf = (some: object, all: object): boolean => isDeepStrictEqual({ ...all, ...some }, all);
const armedIn = ({ timers }: TicketRow<unknown>): unknown =>
  Object.fromEntries(Object.entries(timers).map(([name, { dueAt }]) => [name, dueAt]));
