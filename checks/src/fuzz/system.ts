import { SERVICES } from '@paidan/contracts';
import { type RunningSystem, urlOf, withClient } from '@paidan/local';
import type { Caller } from './caller.js';

/** Has the story told again, before there is anything in it that keeps it from being told. @returns its number */
export async function tellAgain(caller: Caller): Promise<string> {
  const { retelling } = await caller.callUntilReady('feedback', '/v1/operations/retellings', {});
  const path = `/v1/operations/retellings/${String(retelling)}`;
  await caller.until('it is told again', 'feedback', path, ({ endedAt }) => endedAt !== undefined);
  return String(retelling);
}

/** Has every service take its schema for one from a back-up, and waits until all are through with it. */
export async function restoreAll({ postgresUrl }: RunningSystem, caller: Caller): Promise<void> {
  await withClient(urlOf(postgresUrl, 'paidan'), async (client) => {
    for (const service of SERVICES) await client.query(`select ${service.replaceAll('-', '_')}.schema_restored()`);
  });
  for (const service of SERVICES)
    await caller.until(`${service} is through`, service, '/v1/operations/restoration', ({ endedAt }) => endedAt !== undefined);
}
