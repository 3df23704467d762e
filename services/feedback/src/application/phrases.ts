import { TIME_UNIT_WORDS, wordsFor, type MessageWords, type Words } from '@paidan/contracts';

/** One sentence, in English and in Chinese. */
export interface Told {
  readonly en: string;
  readonly zh: string;
}

/** What units and matters are called; a code nobody has named stands for itself. */
export interface Names {
  readonly unit: (code: string) => string;
  readonly matter: (code: string) => string;
}

export const told = (en: string, zh: string): Told => ({ en, zh });

/** Sentence parts that are there only when their value is. */
export const when = <T>(value: T | undefined | null, then: (value: T) => Told): Told =>
  value === undefined || value === null ? told('', '') : then(value);

/** The city's time. Its offset hasn't changed since 1991; asking Intl for it takes fifty times as long. */
const CITY_OFFSET_MS = 8 * 3_600_000;

/** `2026-03-02 10:48` in the city. */
export const clockTime = (iso: string): string => {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? iso : new Date(at + CITY_OFFSET_MS).toISOString().slice(0, 16).replace('T', ' ');
};

const MOST = 80;

/** A text in one line and in quotes, cut where it gets long. What is under seal stays there: a trail is shown to many. */
export const quoted = (words: Words | undefined): Told => {
  if (words === undefined) return told('', '');
  if (words.kind === 'sealed') return told('(under seal)', '（密封）');
  const characters = [...words.text.replace(/\s+/g, ' ').trim()];
  const text = characters.length <= MOST ? characters.join('') : `${characters.slice(0, MOST).join('')}…`;
  return told(`“${text}”`, `“${text}”`);
};

/** 5 working days. */
export const span = ({ count, unit }: { readonly count: number; readonly unit: string }): Told => {
  const words: MessageWords = wordsFor(TIME_UNIT_WORDS, unit);
  return told(`${count} ${count === 1 ? words.en.replace(/s$/, '') : words.en}`, `${count}${words.zh}`);
};

/** Several of them in a row. */
export const list = (items: readonly Told[]): Told => told(items.map(({ en }) => en).join(', '), items.map(({ zh }) => zh).join('、'));
