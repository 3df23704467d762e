import {
  CARD_WORDS,
  CLOCK_WORDS,
  MOVE_WORDS,
  RECIPIENT_WORDS,
  STOP_WORDS,
  wordsFor,
  type EventName,
  type EventPayload,
} from '@paidan/contracts';
import { clockTime, list, span, told, when, type Names, type Told } from './phrases.js';

type ClockEvent = Extract<EventName, `clock.${string}` | `deadline.${string}` | `card.${string}`>;
type Tellers = { readonly [N in ClockEvent]: (payload: EventPayload<N>, names: Names) => Told };

const clockOf = (clock: string): Told => wordsFor(CLOCK_WORDS, clock);

/** Whose clock it is: a unit's, or the one that the citizen may rely on. */
const whose = (unit: string | undefined, names: Names): Told =>
  unit === undefined ? told('for the citizen', '对诉求人') : told(`for ${names.unit(unit)}`, names.unit(unit));

const toldTo = (recipients: readonly string[]): Told => {
  const roles = list(recipients.map((role) => wordsFor(RECIPIENT_WORDS, role)));
  return recipients.length === 0 ? told('', '') : told(`; told to ${roles.en}`, `；告知${roles.zh}`);
};

const due = (at: string | undefined, awaitsYear: number | undefined): Told => {
  if (at !== undefined) return told(`due ${clockTime(at)}`, `${clockTime(at)} 到期`);
  return awaitsYear === undefined
    ? told('without a deadline', '暂无时限')
    : told(`waits for the calendar of ${awaitsYear}`, `待公布 ${awaitsYear} 年日历`);
};

const started = ({ clock, span: length, dueAt, awaitsYear }: EventPayload<'clock.started'>['clocks'][number]): Told => {
  const [what, end] = [clockOf(clock), due(dueAt, awaitsYear)];
  return told(`${what.en} ${span(length).en} (${end.en})`, `${what.zh}${span(length).zh}（${end.zh}）`);
};

/** How what sla-monitor says is told. */
export const TELL_CLOCKS: Tellers = {
  'clock.started': ({ unit, clocks, citizens }, names) => {
    const all = list(clocks.map(started));
    const too = when(citizens, (one) => {
      const [own, what] = [whose(undefined, names), started(one)];
      return told(`; ${own.en}: ${what.en}`, `；${own.zh}：${what.zh}`);
    });
    return told(`the clock runs ${whose(unit, names).en}: ${all.en}${too.en}`, `${whose(unit, names).zh}开始计时：${all.zh}${too.zh}`);
  },
  'clock.stopped': ({ unit, clocks }, names) => {
    const all = clocks.map(({ clock, because }) => {
      const [what, how] = [clockOf(clock), wordsFor(STOP_WORDS, because)];
      return told(`${what.en} ${how.en}`, `${what.zh}${how.zh}`);
    });
    return told(`the clock stops ${whose(unit, names).en}: ${list(all).en}`, `${whose(unit, names).zh}停止计时：${list(all).zh}`);
  },
  'deadline.moved': ({ clock, unit, because, from, to, awaitsYear }, names) => {
    const [what, why, end] = [clockOf(clock), wordsFor(MOVE_WORDS, because), due(to, awaitsYear)];
    const before = when(from, (at) => told(`, before ${clockTime(at)}`, `，原 ${clockTime(at)}`));
    return told(
      `deadline ${whose(unit, names).en} moved, ${what.en} ${end.en}${before.en}: ${why.en}`,
      `${whose(unit, names).zh}${what.zh}变更为${end.zh}${before.zh}：${why.zh}`,
    );
  },
  'deadline.warned': ({ clock, unit, dueAt, recipients }, names) => {
    const what = clockOf(clock);
    return told(
      `warning ${whose(unit, names).en}: ${what.en} is due ${clockTime(dueAt)}${toldTo(recipients).en}`,
      `预警（${whose(unit, names).zh}）：${what.zh} ${clockTime(dueAt)} 到期${toldTo(recipients).zh}`,
    );
  },
  'card.issued': ({ clock, unit, colour, dueAt, recipients, accountability }, names) => {
    const [card, what] = [wordsFor(CARD_WORDS, colour), clockOf(clock)];
    const answers = accountability ? told('; it answers for it', '；列入问责') : told('', '');
    return told(
      `${card.en} for ${names.unit(unit)}: ${what.en} was due ${clockTime(dueAt)}${toldTo(recipients).en}${answers.en}`,
      `${names.unit(unit)}${card.zh}：${what.zh} ${clockTime(dueAt)} 已到期${toldTo(recipients).zh}${answers.zh}`,
    );
  },
  'card.withdrawn': ({ unit, colour }, names) => {
    const card = wordsFor(CARD_WORDS, colour);
    return told(`${card.en} of ${names.unit(unit)} withdrawn`, `撤销${names.unit(unit)}${card.zh}`);
  },
};
