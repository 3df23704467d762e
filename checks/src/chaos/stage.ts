import { type Infra, localPorts, type RunningSystem, startInfra, startSystem } from '@paidan/local';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallbackServer } from '../cast/channels/callback-server.js';
import { cityWithCallbacks } from '../cast/channels/own-city.js';

/** Before any holiday of the year, and far from the end of the published calendars. */
const BEGIN = '2026-03-01T18:00:00+08:00';
/** Windows that pass within a run, and extensions on which a person decides. */
const SETTINGS = {
  PAIDAN_INFRA: 'embedded',
  PAIDAN_RATING_WINDOW: '2d',
  PAIDAN_PICK_UP_WINDOW: '3d',
  PAIDAN_RETURN_WINDOW: '48h',
  PAIDAN_EXTENSION_BY_RULE: '2',
};

export interface Stage {
  readonly system: RunningSystem;
  /** Stops everything; removes the data unless it is to be kept. */
  leave(): Promise<void>;
}

/** A whole system on servers and data of its own, whatever the environment says of others. */
export async function openStage(
  { factor, keep, callbacks }: { readonly factor: number; readonly keep: boolean; readonly callbacks: CallbackServer },
  say: (line: string) => void,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Stage> {
  const theirs = Object.entries(environment).filter(([name]) => !name.startsWith('PAIDAN_') || name === 'PAIDAN_KAFKA_JARS');
  const env = { ...Object.fromEntries(theirs), ...SETTINGS };
  const ports = { postgres: 0, kafka: 0, services: localPorts(env).services.map((service) => ({ ...service, port: 0, metricsPort: 0 })) };
  const cityDir = await cityWithCallbacks(callbacks, env);
  let infra: Infra | undefined;
  let system: RunningSystem | undefined;
  const leave = async (): Promise<void> => {
    await system?.stop();
    await infra?.stop();
    await rm(cityDir, { recursive: true, force: true });
  };
  try {
    infra = await startInfra({ env, ports, onProgress: say, ...(keep ? { dataDir: await lastingFolder() } : { ephemeral: true }) });
    system = await startSystem({ infra, ports, cityDir, env, onProgress: say, clock: { from: BEGIN, factor } });
    return { system, leave };
  } catch (error) {
    await leave();
    throw error;
  }
}

async function lastingFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'paidan-chaos-'));
  // Run by root, PostgreSQL is another user and has to walk through it.
  await chmod(folder, 0o711);
  return folder;
}
