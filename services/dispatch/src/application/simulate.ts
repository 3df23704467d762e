import type { Content, OpenContent } from '@paidan/contracts';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Guides } from '../domain/routing/decision.js';
import { route } from '../domain/routing/first-decision.js';
import { comparison, type Compared } from '../domain/simulation/comparison.js';
import { isOpen } from '../domain/placements.js';
import type { AppealFacts } from '../domain/ticket.js';

/** A ticket as it was registered. */
export interface Registered {
  readonly ticketId: string;
  /** Human number. */
  readonly number: string;
  readonly receivedAt: string;
  readonly appeal: AppealFacts;
  /** Undefined once it was erased (个保法 §47). */
  readonly content: Content | undefined;
}

/** What decides as things are, and what would. */
export interface Guiding {
  readonly before: Guides;
  readonly after: Guides;
}

export interface SimulateOptions extends Guiding {
  /** @throws where the key is not there */
  readonly unseal: (content: Content, ticketId: string) => OpenContent;
  /** Epoch ms at which both decide: which units are in force. */
  readonly now: number;
  readonly samples: number;
  readonly signal: AbortSignal;
  /** Told how many tickets are done, after each page. */
  readonly progress: (done: number) => Promise<void>;
}

/** For so long the replica does nothing else, then what waits has its turn. Milliseconds; two decisions take a tenth of one. */
const SLICE_MS = 4;

/**
 * Decides each ticket twice, as if it came in now with nothing known of it: units that returned it since are not ruled out, for no draft could have known.
 * @throws the signal's reason when it is aborted
 */
export async function simulate(
  pages: AsyncIterable<readonly Registered[]>,
  { before, after, unseal, now, samples, signal, progress }: SimulateOptions,
): Promise<Compared<Registered>> {
  const compared = comparison<Registered>(samples);
  let since = performance.now();
  for await (const page of pages) {
    for (const ticket of page) {
      const open = opened(ticket, unseal);
      if (open === undefined) compared.unreadable();
      else {
        const appeal = { ...ticket.appeal, receivedAt: Date.parse(ticket.receivedAt), ...open };
        compared.add({
          of: ticket,
          before: route(before, appeal, now),
          after: route(after, appeal, now),
          isOpen: isOpen(ticket.appeal),
        });
      }
      if (performance.now() - since < SLICE_MS) continue;
      await nextTurn();
      signal.throwIfAborted();
      since = performance.now();
    }
    await progress(compared.tickets());
  }
  signal.throwIfAborted();
  return compared.result();
}

const opened = ({ ticketId, content }: Registered, unseal: SimulateOptions['unseal']): OpenContent | undefined => {
  if (content === undefined) return undefined;
  try {
    return unseal(content, ticketId);
  } catch {
    return undefined;
  }
};
