import { table } from '@paidan/local';
import type { Language } from '../options.js';
import { ASPECTS, CHANGES, type Load, type Result, type Sample, type Simulation } from './answers.js';
import { WORDS } from './words.js';

/** Of moves and units, so many in a terminal. */
const ROWS = 20;

const count = (value: number): string => value.toLocaleString('en');
const share = (part: number, whole: number): string => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`);
const difference = (value: number): string => (value > 0 ? `+${count(value)}` : count(value));

/** How many tickets change, between whom, who has more to do and who less, and of some of them why. */
export function showSimulation({ state, detail, result }: Simulation, lang: Language): string {
  const words = WORDS[lang];
  if (result === undefined) {
    const why = state === 'failed' || state === 'interrupted' ? words.states[state] : state;
    return detail === undefined ? why : `${why}: ${detail}`;
  }
  const parts = [
    words.head(count(result.tickets), result.seconds.toFixed(1)),
    countsOf(result, lang),
    movesOf(result, lang),
    loadsOf(result, lang),
    ...result.samples.map((sample) => sampleOf(sample, lang)),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function countsOf({ tickets, unreadable, unchanged, changed, aspects, assigned, assignedAfter }: Result, lang: Language): string {
  const words = WORDS[lang];
  const decided = tickets - unreadable;
  const row = (what: string, value: number) => ({
    [words.what]: what,
    [words.tickets]: count(value),
    [words.share]: share(value, decided),
  });
  const rows = [
    row(words.unchanged, unchanged),
    ...CHANGES.map((change) => row(words.changes[change], changed[change])),
    ...ASPECTS.map((aspect) => row(words.aspects[aspect], aspects[aspect])),
    row(words.at(words.automatic, words.before), assigned),
    row(words.at(words.automatic, words.after), assignedAfter),
    ...(unreadable === 0 ? [] : [{ ...row(words.unreadable, unreadable), [words.share]: '' }]),
  ];
  return table(rows);
}

function movesOf({ moves }: Result, lang: Language): string {
  const { from, to, people, tickets, nothing, more } = WORDS[lang];
  const name = (code: string | null, known: string | null): string => (code === null ? people : `${known ?? code} (${code})`);
  const rows = moves.slice(0, ROWS).map((move) => ({
    [from]: name(move.from, move.fromName),
    [to]: name(move.to, move.toName),
    [tickets]: count(move.tickets),
  }));
  if (rows.length === 0) return `${from} → ${to}: ${nothing}`;
  return [table(rows), ...(moves.length > ROWS ? [more(count(moves.length - ROWS))] : [])].join('\n');
}

/** Of units whose numbers change. */
function loadsOf({ loads }: Result, lang: Language): string {
  const { unit, leads, helps, after, at, more } = WORDS[lang];
  const others = loads.filter(({ led, ledAfter, joined, joinedAfter }: Load) => led !== ledAfter || joined !== joinedAfter);
  if (others.length === 0) return '';
  const rows = others.slice(0, ROWS).map(({ unit: code, name, led, ledAfter, joined, joinedAfter }) => ({
    [unit]: `${name} (${code})`,
    [leads]: count(led),
    [at(leads, after)]: count(ledAfter),
    [`${leads} ±`]: difference(ledAfter - led),
    [helps]: count(joined),
    [at(helps, after)]: count(joinedAfter),
    [`${helps} ±`]: difference(joinedAfter - joined),
  }));
  return [table(rows), ...(others.length > ROWS ? [more(count(others.length - ROWS))] : [])].join('\n');
}

function sampleOf({ number, ticketId, change, before, after }: Sample, lang: Language): string {
  const words = WORDS[lang];
  const told = (name: string, sentences: readonly string[]): string[] => [`  ${name}`, ...sentences.map((sentence) => `    ${sentence}`)];
  return [
    `${number} ${ticketId}  ${words.changes[change]}`,
    ...told(words.before, before.explanation[lang]),
    ...told(words.after, after.explanation[lang]),
  ].join('\n');
}
