import type { CardColour } from '@paidan/contracts';
import type { Books } from '../books/books.js';
import { type CardSeen, clocksOf, type ClockSeen, type Deeds, deedsOn, dueAfter, limitsOf, pausesOf } from './clocks.js';
import { assignmentsOf, type Finding, finding, onceEach } from './finding.js';
import { redInstant } from './red-instant.js';

type Known = Pick<Books, 'stories' | 'limits' | 'stoodAt' | 'grace'>;

const CLOCKS = ['sign', 'respond', 'finish'] as const;
const COLOURS: Readonly<Record<string, readonly CardColour[]>> = { sign: ['yellow'], respond: ['yellow'], finish: ['yellow', 'red'] };
const iso = (at: number): string => new Date(at).toISOString();

/**
 * A card for every deadline that passed with nothing done, none for one that was kept – by when things were said, not by when they were heard, and whether or
 * not the monitor was there at that minute.
 */
export function checkCards(books: Known): Finding[] {
  const findings: Finding[] = [];
  for (const [ticketId, story] of books.stories) {
    const once = onceEach(story);
    const clocks = clocksOf(once);
    for (const event of assignmentsOf(once)) {
      const { assignment } = event.payload;
      const deeds = deedsOn(once, assignment);
      const limits = limitsOf(once, assignment, books.limits.codes);
      for (const name of CLOCKS) {
        const clock = clocks.get(`${assignment}/${name}`);
        if (clock === undefined) {
          findings.push(finding('clock-missing', ticketId, `${name} of assignment ${assignment} was never said to run`));
          continue;
        }
        if (limits !== undefined && clock.policy !== limits)
          findings.push(
            finding(
              'clock-wrong',
              ticketId,
              `${name} of assignment ${assignment} runs under ${clock.policy}, its urgency asks for ${limits}`,
            ),
          );
        findings.push(...checkStop(ticketId, clock, deeds));
        findings.push(...clock.cards.flatMap((card) => checkCard(ticketId, clock, card, deeds, books)), ...checkDouble(ticketId, clock));
        for (const colour of COLOURS[name] ?? []) {
          const at = lackingAt(clock, colour, deeds, books);
          if (at === undefined) continue;
          findings.push(finding('card-missing', ticketId, `${colour} for ${name} of assignment ${assignment}, due at ${iso(at)}`));
        }
      }
    }
  }
  return findings;
}

const firstStop = ({ stops }: Deeds, { clock }: ClockSeen): number | undefined => {
  const times = stops[clock as keyof Deeds['stops']];
  return times.length === 0 ? undefined : Math.min(...times);
};

/** When a card of the colour is due for a deadline; nothing while work is suspended. */
const instantOf = (colour: CardColour, dueAt: number, { policy }: ClockSeen, deeds: Deeds, { limits }: Known): number | undefined => {
  const after = limits.redAfter.get(policy);
  if (colour === 'yellow' || after === undefined) return dueAt;
  return redInstant(dueAt, after, pausesOf(deeds), limits);
};

function checkStop(ticketId: string, clock: ClockSeen, deeds: Deeds): Finding[] {
  const what = `${clock.clock} of assignment ${clock.assignment}`;
  const times = deeds.stops[clock.clock as keyof Deeds['stops']];
  const { stopped } = clock;
  if (stopped === undefined)
    return times.length > 0 ? [finding('clock-wrong', ticketId, `${what} still runs, though it ended at ${iso(Math.min(...times))}`)] : [];
  if (!times.includes(stopped.at))
    return [finding('clock-wrong', ticketId, `${what} stopped at ${iso(stopped.at)}, when nothing was done`)];
  const due = clock.dues.at(-1)?.at;
  const verdict = due === undefined || stopped.at <= due ? 'met' : 'missed';
  return stopped.because === 'moot' || stopped.because === verdict
    ? []
    : [
        finding(
          'clock-wrong',
          ticketId,
          `${what} is ${stopped.because}: stopped at ${iso(stopped.at)}, due at ${due === undefined ? 'no time' : iso(due)}`,
        ),
      ];
}

function checkCard(ticketId: string, clock: ClockSeen, card: CardSeen, deeds: Deeds, books: Known): Finding[] {
  const what = `${card.colour} card ${card.card} for ${clock.clock} of assignment ${clock.assignment}`;
  const wrong = (why: string): Finding[] => [finding('card-without-cause', ticketId, `${what}: ${why}`)];
  const due = dueAfter(clock, card.order)?.at;
  if (due !== card.dueAt) return wrong(`it names ${iso(card.dueAt)} as the deadline, which was ${due === undefined ? 'none' : iso(due)}`);
  // Suspensions that began after the card know nothing of it.
  const before = { ...deeds, suspended: deeds.suspended.filter((at) => at < card.issuedAt) };
  const instant = instantOf(card.colour, card.dueAt, clock, before, books);
  if (instant === undefined) {
    // Suspended in time and heard of after the card: it was right by what was known, and has to be taken back.
    const heardAfter = clock.dues.some(({ because, order }) => because === 'suspended' && order > card.order);
    if (!heardAfter) return wrong('work was suspended, and that was known');
    return card.withdrawn ? [] : wrong('it stands, though work had been suspended in time');
  }
  if (card.issuedAt < instant) return wrong(`issued at ${iso(card.issuedAt)}, before ${iso(instant)}`);
  const stop = firstStop(deeds, clock);
  const timely = (stop !== undefined && stop <= instant) || isMovedInTime(clock, card, deeds, instant);
  if (timely && !card.withdrawn)
    return wrong(`it stands, though something was done in time${stop === undefined ? '' : `, at ${iso(stop)}`}`);
  if (!timely && card.withdrawn) return wrong('it was withdrawn, and nothing had been done in time');
  return [];
}

/** Suspended or extended in time, and heard of after the card. */
function isMovedInTime(clock: ClockSeen, card: CardSeen, { suspended, extended }: Deeds, instant: number): boolean {
  return (['suspended', 'extended'] as const).some((because) => {
    const moves = clock.dues.filter((due) => due.because === because);
    const said = because === 'suspended' ? suspended : extended;
    return moves.some((move, index) => move.order > card.order && (said[index] ?? Infinity) <= instant && (move.at ?? Infinity) > instant);
  });
}

function checkDouble(ticketId: string, { clock, assignment, cards }: ClockSeen): Finding[] {
  return (['yellow', 'red'] as const).flatMap((colour) => {
    const standing = cards.filter((card) => card.colour === colour && !card.withdrawn);
    return standing.length > 1
      ? [finding('card-doubled', ticketId, `${standing.length} ${colour} cards stand for ${clock} of assignment ${assignment}`)]
      : [];
  });
}

/** The instant for which a card is not there that ought to be. */
function lackingAt(clock: ClockSeen, colour: CardColour, deeds: Deeds, books: Known): number | undefined {
  const due = clock.dues.at(-1)?.at;
  if (due === undefined || clock.cards.some((card) => card.colour === colour && !card.withdrawn)) return undefined;
  const at = instantOf(colour, due, clock, deeds, books);
  if (at === undefined || at + books.grace >= books.stoodAt) return undefined;
  const stop = firstStop(deeds, clock) ?? Infinity;
  const undecided = deeds.returned.some(({ from, to = Infinity }) => from <= at && to >= stop);
  return stop <= at || undecided ? undefined : at;
}
