import type { Queryable } from '@paidan/runtime';
import { simulationShelf } from './simulations.js';

/** A simulation that has just begun, and of which nothing more will be heard. */
export async function beginning(database: Queryable, id: string): Promise<string> {
  const asked = { model: false, samples: 0 };
  await simulationShelf(database).begin({ id, askedAt: new Date(), askedBy: 'somebody', asked, last: 1 });
  return id;
}
