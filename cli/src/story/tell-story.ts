import { CHANNEL_KIND_WORDS, wordsFor } from '@paidan/contracts';
import type { Language } from '../options.js';
import { placeOf } from '../parked/show-parked.js';
import { cityTime } from '../time.js';
import type { Gathered, Routing, Told, Trail } from './answers.js';
import { STAGE_WORDS, WORDS } from './words.js';

/** A line of the story; `more` says why. */
export interface Line {
  readonly at: string;
  readonly service: string;
  readonly text: string;
  readonly more: readonly string[];
}

/** One ticket's story in one language. */
export interface Story {
  readonly ticketId: string;
  readonly number?: string;
  /** What it is. */
  readonly facts: string;
  /** What happened, in time order. */
  readonly past: readonly Line[];
  /** What its clocks have in store. */
  readonly ahead: readonly Line[];
  /** How each service sees it now. */
  readonly now: readonly { readonly service: string; readonly text: string }[];
  /** What of it waits anywhere, could not be sent, was thrown away, or has not arrived. */
  readonly waits: readonly { readonly service: string; readonly text: string }[];
}

/** Decisions of dispatch, and what it says on the log of each. */
const SAID: Readonly<Record<string, string>> = {
  assigned: 'ticket.assigned',
  held: 'ticket.held',
  'return-accepted': 'return.accepted',
  'return-refused': 'return.refused',
  'release-requested': 'release.requested',
};

export function tellStory(found: Gathered, lang: Language): Story {
  const number = found.trail?.number ?? found.registration?.number;
  return {
    ticketId: found.ticketId,
    ...(number === undefined ? {} : { number }),
    facts: factsOf(found, lang),
    past: pastOf(found, lang),
    ahead: aheadOf(found, lang),
    now: nowOf(found, lang),
    waits: waitsOf(found, lang),
  };
}

function factsOf({ registration }: Gathered, lang: Language): string {
  const words = WORDS[lang];
  if (registration === undefined) return words.factsUnknown;
  const { appealType, urgency, confidentiality, channel, channelKind, receivedAt, replyWanted, hasContact, addressee, mailbox } =
    registration;
  return [
    ...[appealType, urgency, confidentiality],
    `${channel} (${wordsFor(CHANNEL_KIND_WORDS, channelKind)[lang]})`,
    `${words.received} ${cityTime(receivedAt)}`,
    ...(addressee === undefined ? [] : [`${words.addressedTo} ${addressee}`]),
    ...(mailbox === undefined ? [] : [`${words.mailbox} ${mailbox}`]),
    hasContact ? words.contactLeft : words.noContact,
    replyWanted ? words.replyWanted : words.noReply,
  ].join(' · ');
}

/** What everybody said, as feedback heard it, with dispatch's reasons at its decisions; those that feedback has not heard of stand by themselves. */
function pastOf({ trail, routing }: Gathered, lang: Language): Line[] {
  const decisions = new Map<string, Routing['decisions'][number][]>();
  for (const decision of routing?.decisions ?? []) {
    const event = SAID[decision.did] ?? decision.did;
    decisions.set(event, [...(decisions.get(event) ?? []), decision]);
  }
  const told = (trail?.entries ?? []).map((entry): Line => {
    const [, ...why] = (entry.service === 'dispatch' ? decisions.get(entry.event)?.shift() : undefined)?.explanation[lang] ?? [];
    return { at: entry.at, service: entry.service, text: entry[lang], more: why };
  });
  const untold = [...decisions.values()].flat().map(({ at, explanation }): Line => {
    const [text = '', ...more] = explanation[lang];
    return { at, service: 'dispatch', text, more };
  });
  return inOrder([...told, ...untold]);
}

function aheadOf({ clocks }: Gathered, lang: Language): Line[] {
  const lines = (clocks?.clocks ?? []).flatMap(({ words, stages }) =>
    stages.flatMap(({ stage, at, state }): Line[] =>
      state === 'ahead' && at !== undefined
        ? [
            {
              at,
              service: 'sla-monitor',
              text: `${STAGE_WORDS[stage]?.[lang] ?? stage}${WORDS[lang].colon}${subjectOf(words, lang)}`,
              more: [],
            },
          ]
        : [],
    ),
  );
  return inOrder(lines);
}

/** What a clock is, of the line that says all of it: «finishing, assignment 1: 5 working days from …». */
const subjectOf = (words: Told, lang: Language): string => words[lang].split(lang === 'en' ? ':' : '：')[0] ?? '';

/** A stable sort: what happened at one instant stays in the order in which it was heard. */
const inOrder = (lines: readonly Line[]): Line[] => [...lines].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));

function nowOf({ registration, routing, workItem, clocks, trail }: Gathered, lang: Language): { service: string; text: string }[] {
  const words = WORDS[lang];
  const holding = (assignment?: number, lead?: string): string[] => [
    ...(assignment === undefined ? [] : [`${words.assignment} ${assignment}`]),
    ...(lead === undefined ? [] : [lead]),
  ];
  const line = (service: string, ...parts: readonly string[]) => ({ service, text: parts.join(', ') });
  return [
    ...(registration === undefined ? [] : [line('intake', registration.status)]),
    ...(routing === undefined
      ? []
      : [
          line(
            'dispatch',
            routing.status,
            ...holding(routing.assignment, routing.lead),
            ...(routing.target === undefined ? [] : [`→ ${routing.target}`]),
          ),
        ]),
    ...(workItem === undefined
      ? []
      : [
          line(
            'department-handler',
            `${workItem.status} ${words.since} ${cityTime(workItem.since)}`,
            ...holding(workItem.work?.assignment, workItem.work?.lead),
            ...(workItem.work?.signedBy === undefined ? [] : [`${words.signedBy} ${workItem.work.signedBy}`]),
            ...(workItem.work?.round === undefined ? [] : [`${words.reply} ${workItem.work.round}`]),
          ),
        ]),
    ...(clocks?.clocks ?? []).map(({ words: clock }) => line('sla-monitor', clock[lang])),
    ...(trail === undefined ? [] : [line('feedback', trail.status)]),
  ];
}

function waitsOf({ standings, waiting, trail }: Gathered, lang: Language): { service: string; text: string }[] {
  const words = WORDS[lang];
  return Object.entries(standings).flatMap(([service, standing]) => {
    const records = waiting[service];
    const [first] = records?.records ?? [];
    const counts: readonly (readonly [number, string])[] = [
      [standing.unsentEvents, words.unsentEvents],
      [standing.unsentNotices, words.unsentNotices],
      [standing.setAside, words.setAside],
    ];
    const heard = trail === undefined ? undefined : heardOf(trail, service);
    const texts = [
      ...(records === undefined || first === undefined
        ? []
        : [
            `${records.count} ${words.parked}${words.colon}${first.type}, ${placeOf(first)}, ${words.since} ${cityTime(first.parkedAt)}${first.error === undefined ? '' : `, ${first.error.code}: ${first.error.message}`}`,
          ]),
      ...counts.flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`])),
      ...(heard === undefined || heard >= standing.sequence ? [] : [words.unheard(standing.sequence, heard)]),
      ...standing.discarded.map(
        (record) =>
          `${words.discarded}${words.colon}${record.type}, ${placeOf(record)}, ${cityTime(record.at)}, ${record.by}, ${record.reason} (${record.error.code})`,
      ),
    ];
    return texts.map((text) => ({ service, text }));
  });
}

/** The newest number that feedback has of a service. */
const heardOf = ({ entries }: Trail, service: string): number =>
  Math.max(0, ...entries.map((entry) => (entry.service === service ? entry.sequence : 0)));
