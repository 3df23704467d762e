import type { TicketEvent } from '@paidan/contracts';
import { call, isRecord, problemOf, textOf } from '../../cast/city/api.js';
import { shownAt } from '../../cast/city/time.js';
import type { Stage } from '../system.js';
import type { Course } from './stages.js';

/** What makes a ticket worth telling; each counts once. */
const WORTH: Readonly<Partial<Record<TicketEvent['name'], number>>> = {
  'ticket.closed': 100,
  'assignment.returned': 20,
  'rating.received': 12,
  'card.issued': 10,
  'ticket.reopened': 8,
  'extension.granted': 3,
  'work.suspended': 3,
  'deadline.warned': 1,
};

/** The ticket with the most to tell: returned and routed again, in the open, late or done again, with the city's real reply, and over. */
export function mostTelling(courses: readonly Course[]): Course | undefined {
  const worth = ({ entry, story }: Course): number => {
    const names = new Set(story.map(({ name }) => name));
    const open = story.some((event) => event.name === 'ticket.registered' && event.payload.content.kind === 'open');
    return (
      [...names].reduce((sum, name) => sum + (WORTH[name] ?? 0), 0) +
      (story.filter(({ name }) => name === 'ticket.assigned').length > 1 ? 5 : 0) +
      (open ? 5 : 0) +
      (names.has('ticket.held') ? 0 : 2) +
      (entry.appeal.message.reply === undefined ? 0 : 1)
    );
  };
  return courses.reduce<Course | undefined>(
    (best, course) => (best === undefined || worth(course) > worth(best) ? course : best),
    undefined,
  );
}

/** One ticket's trail as feedback tells it. @throws when feedback does not */
export async function tellTrail({ entry }: Course, { urls, keys }: Pick<Stage, 'urls' | 'keys'>): Promise<string | undefined> {
  if (entry.outcome?.kind !== 'accepted') return undefined;
  const { number } = entry.outcome;
  const token = await keys.token({ sub: 'demo-supervisor', roles: ['supervisor'] });
  const answer = await call(`${urls['feedback'] ?? ''}/v1/tickets/${number}/trail`, { authorization: `Bearer ${token}` });
  if (answer.status !== 200) throw new Error(`feedback answered ${answer.status} ${problemOf(answer).reason}`);
  const { message, channel } = entry.appeal;
  return renderTrail(answer.body, `row ${message.row}, over the channel ${channel}`, `第 ${message.row} 行，来源渠道 ${channel}`);
}

/** The trail in both languages: in one line, and then event by event. */
export function renderTrail(trail: Readonly<Record<string, unknown>>, fromEn: string, fromZh: string): string {
  const line = isRecord(trail['line']) ? trail['line'] : {};
  const entries = Array.isArray(trail['entries']) ? trail['entries'].filter(isRecord) : [];
  const told = (language: 'en' | 'zh'): readonly string[] => [
    `  ${textOf(line[language])}`,
    '',
    ...entries.map((entry) => `  ${shownAt(Date.parse(textOf(entry['at'])))}  ${textOf(entry[language])}`),
  ];
  const number = textOf(trail['number']);
  return [`The trail of ticket ${number}: ${fromEn}`, ...told('en'), '', `工单 ${number} 的经过：${fromZh}`, ...told('zh')].join('\n');
}
