import {
  baseName,
  decodePayload,
  parseWireType,
  sourceOf,
  wordsFor,
  CARD_WORDS,
  CHANNEL_KIND_WORDS,
  isService,
  REOPEN_REASON_WORDS,
  RETURN_REASON_WORDS,
  type TicketEvent,
} from '@paidan/contracts';
import { clockTime, told, type Names, type Told } from './phrases.js';
import { tellEvent, tellName } from './tell-event.js';

/** An event of the trail as it lies in its table. */
export interface KeptEvent {
  readonly service: string;
  readonly epoch: number;
  readonly sequence: number;
  readonly type: string;
  readonly at: string;
  readonly payload: string;
}

/** One line of a trail. */
export interface TrailEntry extends Told {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly service: string;
  readonly sequence: number;
  readonly event: string;
}

/** A ticket's trail in words. */
export interface TrailTold {
  /** The main steps in one line. */
  readonly line: Told;
  readonly entries: readonly TrailEntry[];
}

/** The event of a row; undefined where this release can't read it. What was said stays said: nothing is held against today's rules but its shape. */
export const readEvent = (ticketId: string, { service, epoch, sequence, type, at, payload }: KeptEvent): TicketEvent | undefined => {
  const parsed = parseWireType(type);
  if (parsed.kind !== 'known' || !isService(service)) return undefined;
  const id = `${ticketId}/${epoch}/${sequence}`;
  const decoded = decodePayload(
    parsed.name,
    { id, source: sourceOf(service), type, subject: ticketId, time: at, sequence, epoch, service },
    payload,
  );
  return decoded.ok ? decoded.event : undefined;
};

/** Keys of the directory under which the names of all units and matters of these events lie. */
export const namesIn = (events: readonly TicketEvent[]): string[] => {
  const keys = new Set<string>();
  for (const { payload } of events) {
    const { lead, unit, to, coHandlers, matter } = payload as Readonly<Record<string, unknown>>;
    for (const code of [lead, unit, to, ...(Array.isArray(coHandlers) ? (coHandlers as unknown[]) : [])])
      if (typeof code === 'string') keys.add(`unit:${code}`);
    if (typeof matter === 'string') keys.add(`matter:${matter}`);
  }
  return [...keys];
};

/** Names out of the directory. */
export const namesFrom = (known: ReadonlyMap<string, string>): Names => ({
  unit: (code) => known.get(`unit:${code}`) ?? code,
  matter: (code) => known.get(`matter:${code}`) ?? code,
});

/** Tells a trail, in the order in which it was heard. */
export const tellTrail = (ticketId: string, rows: readonly KeptEvent[], names: Names): TrailTold => {
  const entries: TrailEntry[] = [];
  const steps: { readonly at: string; readonly step: Told }[] = [];
  for (const row of rows) {
    const event = readEvent(ticketId, row);
    const name = event?.name ?? nameOf(row.type);
    const words = event === undefined ? tellName(name) : tellEvent(event, names);
    entries.push({ at: row.at, service: row.service, sequence: row.sequence, event: name, en: words.en, zh: words.zh });
    const step = event === undefined ? undefined : stepOf(event, names);
    if (step !== undefined) steps.push({ at: row.at, step });
  }
  return { line: inOneLine(steps), entries };
};

const nameOf = (type: string): string => /^paidan\.(.+)\.v\d+$/.exec(type)?.[1] ?? baseName(type);

/** Steps after one another, each with its time where that is another than the one before: the hour, and the day when it has changed. */
function inOneLine(steps: readonly { readonly at: string; readonly step: Told }[]): Told {
  let [day, minute] = ['', ''];
  const timed = steps.map(({ at, step }) => {
    const [date = '', time = ''] = clockTime(at).split(' ');
    const shown = date !== day ? `${date} ${time} ` : time !== minute ? `${time} ` : '';
    [day, minute] = [date, time];
    return told(shown + step.en, shown + step.zh);
  });
  return told(timed.map(({ en }) => en).join(' · '), timed.map(({ zh }) => zh).join(' · '));
}

/** The steps that make a story, in few words; whatever else happened has its own entry. */
function stepOf(event: TicketEvent, { unit }: Names): Told | undefined {
  switch (event.name) {
    case 'ticket.registered': {
      const kind = wordsFor(CHANNEL_KIND_WORDS, event.payload.channelKind);
      return told(`received by ${kind.en}`, `${kind.zh}受理`);
    }
    case 'ticket.held':
      return told('held for a dispatcher', '待人工派单');
    case 'ticket.assigned':
      return told(`dispatched to ${unit(event.payload.lead)}`, `派单至${unit(event.payload.lead)}`);
    case 'assignment.signed':
      return told(`signed by ${unit(event.payload.unit)}`, `${unit(event.payload.unit)}签收`);
    case 'assignment.returned': {
      const why = wordsFor(RETURN_REASON_WORDS, event.payload.reason);
      return told(`returned: ${why.en}`, `退单：${why.zh}`);
    }
    case 'assignment.delegated':
      return told(`handed down to ${unit(event.payload.to)}`, `转办至${unit(event.payload.to)}`);
    case 'work.suspended':
      return told('suspended', '挂起');
    case 'card.issued': {
      const card = wordsFor(CARD_WORDS, event.payload.colour);
      return told(`${card.en} for ${unit(event.payload.unit)}`, `${unit(event.payload.unit)}${card.zh}`);
    }
    case 'reply.approved':
      return told(`answered by ${unit(event.payload.unit)}`, `${unit(event.payload.unit)}答复`);
    case 'ticket.answered':
      return told('answered by the desk', '热线直接答复');
    case 'rating.received': {
      const { stars, resolved, satisfied } = event.payload;
      const unhappy = resolved === false || satisfied === false || stars <= 2;
      return unhappy ? told('follow-up: unsatisfied', '回访：不满意') : told('follow-up: satisfied', '回访：满意');
    }
    case 'ticket.reopened': {
      const why = wordsFor(REOPEN_REASON_WORDS, event.payload.because);
      return told(`to be redone: ${why.en}`, `重办：${why.zh}`);
    }
    case 'ticket.withdrawn':
      return told('taken back by the citizen', '诉求人撤回');
    case 'ticket.declined':
      return told('declined', '不予受理');
    case 'ticket.linked':
      return told(`linked to ${event.payload.masterNumber}`, `并入主单 ${event.payload.masterNumber}`);
    case 'ticket.unlinked':
      return told(`no longer linked to ${event.payload.masterNumber}`, `解除与主单 ${event.payload.masterNumber} 的并入`);
    case 'reply.shared':
      return told(`answered as ${event.payload.masterNumber} was`, `按主单 ${event.payload.masterNumber} 答复`);
    case 'ticket.closed':
      return told('closed', '办结');
    default:
      return undefined;
  }
}
