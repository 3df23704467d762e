import { openContent, seal, SEAL_IV_BYTES, type ContentKeys } from '@paidan/contracts';
import { decodeHeard, type Runtime, type ServiceDefinition } from '@paidan/runtime';
import { randomBytes } from 'node:crypto';
import type { LabelCodes } from '../domain/classifier/blend-matters.js';
import { decide, HEARD, registered } from '../domain/decisions.js';
import { withArrivals, type Registration } from '../domain/duplicates/arrivals.js';
import type { DispatchCommand } from '../domain/orders.js';
import type { DispatchPolicy, Facts, Published } from '../domain/placements.js';
import { recall } from '../domain/recall.js';
import type { Ticket } from '../domain/ticket.js';
import type { BatchDuplicates } from './postgres/duplicates-of-batch.js';
import { lockMasters, mastersFor } from './postgres/links.js';
import { lostTargets } from './postgres/lost-targets.js';
import { writeCorrections } from './postgres/matter-corrections.js';
import { textsFor, writeTexts } from './postgres/texts.js';
import { ticketColumns } from './postgres/ticket-columns.js';
import { writeReturns } from './postgres/unit-returns.js';

export type DispatchRuntime = Runtime<Ticket, Facts, DispatchCommand>;

/** Injection token of the {@link DispatchRuntime}. */
export const RUNTIME = Symbol('dispatch:runtime');

/** Injection token of the ContentKeys. */
export const CONTENT_KEYS = Symbol('dispatch:content-keys');

/** Injection token of the Clock. */
export const CLOCK = Symbol('dispatch:clock');

/** Injection token of {@link PublishedHere}. */
export const PUBLISHED = Symbol('dispatch:published');

/** What decisions are taken under at this replica. */
export interface PublishedHere {
  /** What the city has published, as it is in force here. */
  readonly published: () => Published;
  readonly policy: DispatchPolicy;
  /** Name of the model of topics, if there is one. */
  readonly model: () => string | undefined;
  /** What its labels stand for. */
  readonly labels: () => LabelCodes | undefined;
}

export interface DefinitionParts extends Pick<PublishedHere, 'published' | 'policy'> {
  readonly keys: ContentKeys;
  /** Epoch ms. */
  readonly now: () => number;
  /** Left out where earlier tickets aren't looked for. */
  readonly duplicates?: BatchDuplicates | undefined;
}

/** What makes the runtime into dispatch. */
export const dispatchDefinition = ({
  published,
  policy,
  keys,
  now,
  duplicates,
}: DefinitionParts): ServiceDefinition<Ticket, Facts, DispatchCommand> => {
  const unseal: Facts['unseal'] = (content, ticketId) => openContent(content, ticketId, keys);
  const sealWords: Facts['seal'] = (words, ticketId) => seal(words, ticketId, keys, randomBytes(SEAL_IV_BYTES));
  return {
    service: 'dispatch',
    decide,
    decode: decodeHeard(HEARD),
    columns: ticketColumns,
    lock: lockMasters,
    facts: async (tx, work) => {
      const here = published();
      const lookedUp = duplicates?.lookUp(tx, work, here.directory) ?? { found: new Map<string, never>(), arrivals: [] };
      const [contents, masters, { found, arrivals }] = await Promise.all([textsFor(tx, work), mastersFor(tx, work), lookedUp]);
      const facts = { ...here, policy, unseal, seal: sealWords, contents, masters, found };
      const decided = (event: Registration, earlier: Facts['found']): Ticket => {
        const context = { now: now(), facts: { ...facts, found: earlier }, newId: () => event.ticketId };
        return registered(event, context).record;
      };
      return { ...facts, found: withArrivals(arrivals, found, decided) };
    },
    write: (tx, changes) => {
      writeTexts(tx, changes);
      writeReturns(tx, changes);
      writeCorrections(tx, changes);
      duplicates?.keep(tx, changes);
    },
    recall,
    lost: lostTargets,
  };
};
