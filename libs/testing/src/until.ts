import { setTimeout as delay } from 'node:timers/promises';

/** Waits until `probe` gives something, or holds, and gives what it gave. @throws with `what` after `ms` */
export async function until<T>(what: string, probe: () => Promise<T | undefined | false> | T | undefined | false, ms = 20_000): Promise<T> {
  for (const end = Date.now() + ms; Date.now() < end; await delay(50)) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
  }
  throw new Error(`waited ${ms} ms in vain: ${what}`);
}
