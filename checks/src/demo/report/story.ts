import { EVENT_WORDS, OUTBOUND_WORDS, type TicketEvent, type Words } from '@paidan/contracts';
import { isRecord, textOf } from '../city/api.js';
import type { Course } from './stages.js';

/** A decision of dispatch as it explains it itself (`GET /v1/tickets/{id}/routing`). */
export interface Explained {
  readonly did: string;
  readonly zh: readonly string[];
  readonly en: readonly string[];
}

export interface Knowledge {
  readonly unitNames: ReadonlyMap<string, string>;
  /** Oldest first. */
  readonly decisions: readonly Explained[];
}

interface Told {
  readonly at: number;
  readonly en: string;
  readonly zh: string;
}

/** The ticket with the most to tell: returned and routed again by rule, in the open, with the city's real reply. */
export function mostTelling(courses: readonly Course[]): Course | undefined {
  const worth = ({ entry, story }: Course): number => {
    const names = story.map(({ name }) => name);
    const open = story.some((event) => event.name === 'ticket.registered' && event.payload.content.kind === 'open');
    return (
      (names.includes('reply.approved') ? 100 : 0) +
      (names.includes('assignment.returned') ? 20 : 0) +
      (names.filter((name) => name === 'ticket.assigned').length > 1 ? 10 : 0) +
      (open ? 5 : 0) +
      (names.includes('ticket.held') ? 0 : 2) +
      (entry.appeal.message.reply === undefined ? 0 : 1)
    );
  };
  return courses.reduce<Course | undefined>(
    (best, course) => (best === undefined || worth(course) > worth(best) ? course : best),
    undefined,
  );
}

/** One ticket's way in words, in English and then in Chinese. */
export function tellStory({ entry, story, offeredAt }: Course, { unitNames, decisions }: Knowledge): string {
  const name = (unit: string): string => unitNames.get(unit) ?? unit;
  const left = new Map<string, Explained[]>();
  for (const decision of decisions) left.set(decision.did, [...(left.get(decision.did) ?? []), decision]);
  const next = (did: string): Explained | undefined => left.get(did)?.shift();

  const told = story.flatMap((event): readonly Told[] => {
    const itself = { at: Date.parse(event.time), ...inWords(event, name, next) };
    const offered = event.name === 'ticket.assigned' ? offeredAt(event.payload.assignment) : undefined;
    if (offered === undefined || event.name !== 'ticket.assigned') return [itself];
    const { zh, en } = OUTBOUND_WORDS['assignment.offered'];
    const unit = name(event.payload.lead);
    return [itself, { at: offered, en: `${unit}: ${en}`, zh: `${zh}：送达${unit}` }];
  });
  const began = told[0]?.at ?? 0;
  const { message, channel } = entry.appeal;
  const number = entry.outcome?.kind === 'accepted' ? entry.outcome.number : '';
  const line = ({ at }: Told, text: string): string => `  ${clock(at)} ${`+${((at - began) / 1000).toFixed(3)} s`.padStart(10)}  ${text}`;
  return [
    `The story of ticket ${number}: row ${message.row}, over the channel ${channel}`,
    `  “${excerpt(message.title, 60)}” – ${excerpt(message.body, 80)}`,
    ...told.map((one) => line(one, one.en)),
    '',
    `工单 ${number} 的经过：第 ${message.row} 行，来源渠道 ${channel}`,
    ...told.map((one) => line(one, one.zh)),
  ].join('\n');
}

/** The time of the city, whose numbers and deadlines go by it. */
const clock = (at: number): string => new Date(at + 8 * 3600_000).toISOString().slice(11, 23);

const excerpt = (text: string, most: number): string => {
  const flat = text.replace(/\s+/g, ' ').trim();
  const characters = [...flat];
  return characters.length <= most ? flat : `${characters.slice(0, most).join('')}…`;
};

/** Words under seal stay there: a story is printed. */
const quoted = (words: Words): { en: string; zh: string } =>
  words.kind === 'open'
    ? { en: `“${excerpt(words.text, 60)}”`, zh: `“${excerpt(words.text, 60)}”` }
    : { en: '(under seal)', zh: '（密封）' };

/** What an event says; its plain words for those that the play does not know to tell better, so that later services need nothing here. */
function inWords(
  event: TicketEvent,
  name: (unit: string) => string,
  next: (did: string) => Explained | undefined,
): { en: string; zh: string } {
  const plain = EVENT_WORDS[event.name];
  const sayMore = (en: string, zh: string) => ({ en, zh: `${plain.zh}：${zh}` });
  const explained = (did: string, fallback: string) => {
    const decision = next(did);
    // Its sentences say what they are of themselves.
    return decision === undefined
      ? sayMore(`${plain.en}: ${fallback}`, fallback)
      : { en: decision.en.join(' '), zh: decision.zh.join('；') };
  };
  switch (event.name) {
    case 'ticket.registered':
      return sayMore(`accepted: ${plain.en}`, `来件成为工单 ${event.payload.number}`);
    case 'ticket.assigned':
      return explained('assigned', name(event.payload.lead));
    case 'ticket.held':
      return explained('held', event.payload.reason);
    case 'return.accepted':
      return explained('return-accepted', name(event.payload.unit));
    case 'return.refused':
      return explained('return-refused', name(event.payload.unit));
    case 'assignment.signed':
      return sayMore(`${name(event.payload.unit)} signed: ${plain.en}`, `${name(event.payload.unit)}已签收`);
    case 'assignment.returned': {
      const { unit, reason, grounds } = event.payload;
      return sayMore(`${name(unit)} returned it (${reason}): ${quoted(grounds).en}`, `${name(unit)}退回，理由${quoted(grounds).zh}`);
    }
    case 'work.progressed':
      return sayMore(`${name(event.payload.unit)} notes ${quoted(event.payload.note).en}`, quoted(event.payload.note).zh);
    case 'reply.submitted': {
      const { unit, round, reply } = event.payload;
      return sayMore(`${name(unit)} submitted reply ${round}: ${quoted(reply).en}`, `第${round}次答复${quoted(reply).zh}`);
    }
    case 'reply.sent-back':
      return sayMore(`sent back by a second person: ${quoted(event.payload.reason).en}`, quoted(event.payload.reason).zh);
    case 'reply.approved': {
      const { unit, outcome } = event.payload;
      return sayMore(`approved by a second person (${outcome}): the reply may go out`, `${name(unit)}的答复可以送达诉求人`);
    }
    default:
      return plain;
  }
}

/** What dispatch's answer holds of its decisions, whatever else is in it. */
export function explainedBy(routing: Readonly<Record<string, unknown>>): readonly Explained[] {
  const decisions = Array.isArray(routing['decisions']) ? routing['decisions'].filter(isRecord) : [];
  const sentences = (value: unknown): readonly string[] =>
    Array.isArray(value) ? value.map(textOf) : textOf(value) === '' ? [] : [textOf(value)];
  return decisions.map(({ did, explanation }) => {
    const words = isRecord(explanation) ? explanation : {};
    return { did: textOf(did), zh: sentences(words['zh']), en: sentences(words['en']) };
  });
}
