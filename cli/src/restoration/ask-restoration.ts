import type { Order } from '../options.js';
import { several, type Outcome } from '../outcome.js';
import { askThoseThatHave, chosen } from '../system/ask-all.js';
import type { System } from '../system/find-system.js';
import type { Restored } from './answers.js';
import { showRestoration } from './show-restoration.js';

/** The last time that each service was restored from a back-up, and what the log could not give back. */
export async function showRestorations(system: System, order: Extract<Order, { do: 'restoration' }>): Promise<Outcome> {
  const asked = await askThoseThatHave<Restored>(
    chosen(system, order),
    '/v1/operations/restoration',
    await system.token(),
    'never-restored',
  );
  return several(asked, showRestoration);
}
