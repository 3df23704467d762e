import { audit } from '../../audit/audit.js';
import { ledgersOf } from '../../audit/ledgers.js';
import { call, problemOf } from '../../cast/city/api.js';
import type { Stage } from '../system.js';

export interface Checked {
  /** Stretches of numbers missing in the trail that feedback keeps. */
  readonly gaps: number;
  /** Tickets of which feedback has not heard all that a service has said. */
  readonly differences: number;
}

/** Asks feedback for what it has missed, and compares what each service has said with what it has heard. */
export async function lookBack({ urls, keys }: Pick<Stage, 'urls' | 'keys'>): Promise<Checked> {
  const token = await keys.token({ sub: 'demo-operator', roles: ['operator'] });
  const answer = await call(`${urls['feedback'] ?? ''}/v1/operations/gaps?limit=1`, { authorization: `Bearer ${token}` });
  if (answer.status !== 200) throw new Error(`feedback answered ${answer.status} ${problemOf(answer).reason}`);
  const { differences } = await audit(ledgersOf(urls, token));
  return { gaps: Number(answer.body['found']), differences: differences.length };
}
