import { EVENTS, type TicketEvent } from '@paidan/contracts';
import type { Command, Context, Decide, Outcome } from '../reactor/decision.js';
import { foldMessage, foldTimer, type Step } from '../reactor/fold.js';
import { isHandled, newRow, type Mark, type TicketRow } from '../reactor/row.js';
import { checkDecision, checkTimers, must, reread, type Said, type Told } from './told.kit.js';
import { STORY_START, type Happening } from './story.kit.js';

/** One step of a life: what was heard of the log, and what the service said then. */
export interface LivedStep<R> {
  readonly heard: TicketEvent | undefined;
  readonly said: Step<R>['events'];
  readonly now: number;
  readonly row: TicketRow<R>;
  /** Of a command. */
  readonly outcome: Outcome | undefined;
}

/**
 * Lives a story through the runtime's fold, the row going through JSON after each step as it does through Postgres, and checks what is true of every
 * decider: it never throws; what it says is its own to say and keeps every promise of its schema; who commands is answered, and a refusal says and changes
 * nothing; the record moves, and is spoken of, as the table says and no other way; timers are armed only where the table has them, and for later; what was
 * handled before and a timer that is no longer armed change nothing.
 * @returns the ways of the table that it went, like `held assign assigned`
 */
export function live<R extends { readonly status: string }, F, C extends Command>(
  told: Told<R, F, C>,
  story: readonly Happening[],
  lived?: (step: LivedStep<R>) => void,
): { readonly row: TicketRow<R>; readonly said: readonly Said[]; readonly ways: readonly string[] } {
  let row = newRow<R>(told.ticketId);
  let now = told.start ?? STORY_START;
  let ids = 0;
  const newId = (): string => `0193a3c2-0000-7000-8000-${String((ids += 1)).padStart(12, '0')}`;
  const said: Said[] = [];
  const ways: string[] = [];
  let heard: TicketEvent | undefined;

  const decide: Decide<R, F, C> = (before, message, context) => {
    const decision = told.decide(before, message, context);
    const way = checkDecision(told, before, message, decision);
    if (way !== undefined) ways.push(way);
    if (decision !== undefined && decision.outcome?.accepted !== false) told.checkDecision?.(before, message, decision, now);
    return decision;
  };
  const context = (): Context<F> => ({ now, facts: told.factsAt(now), newId });

  for (const happening of story) {
    now += happening.after;
    heard = undefined;
    const step = happening.kind === 'timer' ? fireTimer(happening.which) : happen(happening);
    must(
      'events are numbered on',
      step.events.every(({ sequence }, i) => sequence === row.sequence + i + 1),
      step.events,
    );
    said.push(...step.events.map(({ event: { name, payload } }) => ({ name, payload })));
    row = reread(step.row);
    checkTimers(told, step, now);
    told.checkRow?.(row, said);
    lived?.({ heard, said: step.events, now, row, outcome: step.outcome });
  }
  return { row, said, ways };

  function fireTimer(which: 'next' | 'stale'): Step<R> {
    const [name, armed] = Object.entries(row.timers).sort(([, a], [, b]) => a.dueAt - b.dueAt)[0] ?? ['never-armed', undefined];
    now = Math.max(now, armed?.dueAt ?? 0);
    const stale = foldTimer(row, { name, version: (armed?.version ?? 1) - 1 }, decide, context());
    must('a timer no longer armed changes nothing', !stale.changed, { name, armed });
    return which === 'stale' || armed === undefined ? stale : foldTimer(row, { name, version: armed.version }, decide, context());
  }

  function happen(happening: Exclude<Happening, { kind: 'timer' }>): Step<R> {
    const { name, aimed } = happening;
    const payload = aimed ? told.aim(name, happening.payload, row.record) : happening.payload;
    if (happening.kind === 'command') {
      const command = told.command({ name, payload, by: happening.by, commandId: newId() });
      return foldMessage(row, { kind: 'command', command }, decide, context());
    }
    const service = EVENTS[happening.name].service;
    const mark = markFor(row.handled[service], happening.numbered);
    const time = new Date(now - happening.late).toISOString();
    const event = { name, service, ticketId: told.ticketId, ...mark, time, payload, id: newId() } as unknown as TicketEvent;
    heard = event;
    const step = foldMessage(row, { kind: 'event', event }, decide, context());
    must('what was handled before changes nothing', !(isHandled(row, event) && step.changed), event);
    return step;
  }
}

function markFor(handled: Mark | undefined, numbered: 'next' | 'again' | 'restored') {
  const [epoch, last] = handled ?? [1, 0];
  if (numbered === 'again' && last > 0) return { epoch, sequence: last };
  return numbered === 'restored' ? { epoch: epoch + 1, sequence: Math.max(1, last - 1) } : { epoch, sequence: last + 1 };
}
