import type { EventPayload } from '@paidan/contracts';
import type { Change, Tx, Work } from '@paidan/runtime';
import type { Arrival } from '../../domain/duplicates/arrivals.js';
import type { Asked, DuplicatePolicy } from '../../domain/duplicates/find.js';
import { fingerprintOf } from '../../domain/duplicates/fingerprint.js';
import type { Found } from '../../domain/duplicates/same.js';
import type { DispatchCommand } from '../../domain/orders.js';
import { ROUTING } from '../../domain/routing/decision.js';
import type { Directory } from '../../domain/routing/directory.js';
import type { Ticket } from '../../domain/ticket.js';
import { sureArea, where } from '../../domain/where/where.js';
import { lookUpDuplicates, writeFingerprints } from './duplicates.js';

/**
 * So many of a batch are looked up in the table, the first of it. A city's hour of rush brings a few at once; what a backlog brings by the hundred would wait
 * for the looks longer than for all else: of the bench's four texts, sent again and again, 148 tickets a second were assigned with every look, 771 with none.
 * All are compared with each other, and leave their fingerprints, so that a later one finds them.
 */
const LOOKED_UP = 50;

type Registration = EventPayload<'ticket.registered'>;

export interface LookedUp {
  /** The earlier tickets that say the same as those that are registered in this work. */
  readonly found: ReadonlyMap<string, readonly Found[]>;
  /** The tickets that are new, where such an earlier one may be among them. */
  readonly arrivals: readonly Arrival[];
}

export interface BatchDuplicates {
  readonly lookUp: (tx: Tx, work: Work<DispatchCommand>, directory: Directory) => Promise<LookedUp>;
  /** Keeps the fingerprints of the tickets that are new. */
  readonly keep: (tx: Tx, changes: readonly Change<Ticket, DispatchCommand>[]) => void;
}

/**
 * @param now epoch ms
 * @param policy how far back is looked, and how long fingerprints are kept
 */
export function batchDuplicates(policy: DuplicatePolicy, now: () => number): BatchDuplicates {
  // Looked up before it is decided and written afterwards: the same registration both times.
  const prints = new WeakMap<Registration, Asked | null>();
  const askedOf = (ticketId: string, registration: Registration, directory: Directory): Asked | undefined => {
    const known = prints.get(registration);
    if (known !== undefined) return known ?? undefined;
    const asked = asking(ticketId, registration, directory);
    prints.set(registration, asked ?? null);
    return asked;
  };
  return {
    lookUp: async (tx, work, directory) => {
      const arrivals: Arrival[] = [];
      for (const [ticketId, items] of work)
        for (const item of items) {
          if (item.kind !== 'log' || item.decoded.kind !== 'message' || item.decoded.message.kind !== 'event') continue;
          const { event } = item.decoded.message;
          if (event.name !== 'ticket.registered') continue;
          const asked = askedOf(ticketId, event.payload, directory);
          if (asked !== undefined) arrivals.push({ asked, event });
        }
      const asked = arrivals.map((arrival) => arrival.asked);
      const looked = await lookUpDuplicates(tx, asked, policy, LOOKED_UP);
      const numbers = new Map(arrivals.map(({ event }) => [event.ticketId, event.payload.number]));
      const found = new Map([...looked].map(([ticketId, some]) => [ticketId, some.map((one) => numbered(one, numbers))]));
      return { found, arrivals: await newOf(tx, arrivals, found) };
    },
    keep: (tx, changes) => {
      const fresh: Asked[] = [];
      for (const { before, messages } of changes)
        for (const message of before === undefined ? messages : []) {
          if (message.kind !== 'event' || message.event.name !== 'ticket.registered') continue;
          const asked = prints.get(message.event.payload);
          if (asked) fresh.push(asked);
        }
      writeFingerprints(tx, fresh, { now: now(), keptMs: policy.withinMs });
    },
  };
}

/** The arrivals that are new, where some of them found each other: one that is registered once more may have gone on since. */
async function newOf(tx: Tx, arrivals: readonly Arrival[], found: LookedUp['found']): Promise<readonly Arrival[]> {
  const named = new Set([...found.values()].flat().map(({ ticketId }) => ticketId));
  const among = arrivals.flatMap(({ event }) => (named.has(event.ticketId) ? [event.ticketId] : []));
  if (among.length === 0) return [];
  const { rows } = await tx.query<{ ticket_id: string }>('select ticket_id from ticket where ticket_id = any($1::uuid[])', [among]);
  const known = new Set(rows.map((row) => row.ticket_id));
  return arrivals.filter(({ event }) => !known.has(event.ticketId));
}

/** Of one that comes in the same batch only the batch knows the number. */
const numbered = (found: Found, numbers: ReadonlyMap<string, string>): Found => {
  const number = found.number ?? numbers.get(found.ticketId);
  return number === undefined ? found : { ...found, number };
};

/** What is confidential, anonymous, under seal or says too little is neither looked for nor kept. */
function asking(
  ticketId: string,
  { confidentiality, content, receivedAt, citizen: person }: Registration,
  directory: Directory,
): Asked | undefined {
  if (confidentiality !== 'open' || content.kind !== 'open') return undefined;
  const fingerprint = fingerprintOf(content.title, content.text);
  if (fingerprint === undefined) return undefined;
  // By the place alone: names in a text may be of places that it only comes past, and what isn't known contradicts nothing.
  const located = where(directory, content.place, { title: [], text: [] });
  const area = sureArea(located, ROUTING.minCertainty)?.code;
  return { ticketId, fingerprint, at: Date.parse(receivedAt), person, ...(area === undefined ? {} : { area }) };
}
