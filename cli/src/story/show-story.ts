import type { Language } from '../options.js';
import { cityTime } from '../time.js';
import type { Line, Story } from './tell-story.js';
import { WORDS } from './words.js';

const INDENT = '  ';

export function showStory({ ticketId, number, facts, past, ahead, now, waits }: Story, lang: Language): string {
  const words = WORDS[lang];
  const width = Math.max(...[...past, ...ahead, ...now, ...waits].map(({ service }) => service.length), 0);
  const line = ({ at, service, text, more }: Line): string[] => [
    `${INDENT}${cityTime(at)}${INDENT}${service.padEnd(width)}${INDENT}${text}`,
    ...more.map((reason) => `${' '.repeat(INDENT.length * 3 + 19 + width)}– ${reason}`),
  ];
  const state = ({ service, text }: { service: string; text: string }): string => `${INDENT}${service.padEnd(width)}${INDENT}${text}`;
  return [
    `${words.ticket} ${number ?? ''} ${ticketId}`.replace('  ', ' '),
    `${INDENT}${facts}`,
    '',
    ...(past.length === 0 ? [`${INDENT}${words.noStory}`] : past.flatMap(line)),
    ...(ahead.length === 0 ? [] : ['', words.ahead, ...ahead.flatMap(line)]),
    ...(now.length === 0 ? [] : ['', words.now, ...now.map(state)]),
    '',
    words.waits,
    ...(waits.length === 0 ? [`${INDENT}${words.nothingWaits}`] : waits.map(state)),
  ].join('\n');
}
