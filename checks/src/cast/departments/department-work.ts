import type { CardColour } from '@paidan/contracts';
import { chance } from '../city/chance.js';
import type { Offer, Step } from './department-conduct.js';
import { DAY, HOUR, inOfficeHours } from '../city/time.js';

/** One assignment on a unit's desk. Instants are epoch milliseconds of the city's time. */
export interface Work {
  readonly ticketId: string;
  readonly unit: string;
  readonly assignment: number;
  readonly offer: Offer;
  steps: readonly Step[];
  /** Which step is next, and since when. */
  at: number;
  since: number;
  signed: boolean;
  round: number;
  /** The deadline for finishing: null while there is none, undefined until the unit has heard of one. */
  dueAt: number | null | undefined;
  /** The last moment to return it, from the offer. */
  readonly returnUntil: number;
  /** When suspended work goes on by itself, by the unit's own word. */
  resumesAt: number | undefined;
  readonly cards: Set<CardColour>;
  /** The step is on the agenda, or said. */
  settled: boolean;
}

type Beginning = Pick<Work, 'ticketId' | 'unit' | 'assignment' | 'offer' | 'steps' | 'since' | 'returnUntil'>;

export const beginWork = (beginning: Beginning): Work => ({
  ...beginning,
  at: 0,
  signed: false,
  round: 0,
  dueAt: undefined,
  resumesAt: undefined,
  cards: new Set(),
  settled: false,
});

/** Who has three weeks takes one. */
const MOST_DAYS = 7 * DAY;
/** Who means to be in time doesn't wait for the last day: in a city that lives a day in ten seconds a second of the machine's takes hours of it. */
const MARGIN = 18 * HOUR;

/** When the next step is taken; undefined while what it waits for is not there. */
export function instantOf(work: Work, seed: number, now: number): number | undefined {
  const step = work.steps[work.at];
  const instant = step === undefined ? undefined : occasionFor(work, step, now);
  if (instant === undefined) return undefined;
  const atWork = inOfficeHours(instant, chance(seed, 'hour', work.offer.row, work.assignment, work.at));
  // Nobody puts off over the weekend what is due before it.
  const latest = latestFor(work, step);
  return latest === undefined ? atWork : Math.min(atWork, Math.max(instant, latest));
}

const latestFor = ({ dueAt, returnUntil }: Work, step: Step | undefined): number | undefined => {
  if (step?.command === 'return') return returnUntil - 2 * HOUR;
  return step?.when.kind === 'share' && typeof dueAt === 'number' ? dueAt - MARGIN : undefined;
};

/** It has been signed by the unit's silence, or the deadline that it would move is past: a command would only be refused. */
export function isTooLate({ steps, at, returnUntil, dueAt }: Work, now: number): boolean {
  const command = steps[at]?.command;
  if (command === 'sign' || command === 'return') return now >= returnUntil;
  return command === 'request-extension' && typeof dueAt === 'number' && now >= dueAt;
}

function occasionFor({ since, cards, resumesAt, dueAt }: Work, { when }: Step, now: number): number | undefined {
  switch (when.kind) {
    case 'after':
      return since + when.span;
    case 'card':
      return cards.has(when.colour) ? now + HOUR : undefined;
    case 'resumed':
      return (resumesAt ?? now) + 2 * HOUR;
    case 'share':
      return typeof dueAt === 'number' ? since + Math.max(0, Math.min(dueAt - MARGIN - since, MOST_DAYS)) * when.share : undefined;
    case 'past':
      return typeof dueAt === 'number' ? dueAt + when.span : undefined;
    default:
      return when satisfies never;
  }
}
