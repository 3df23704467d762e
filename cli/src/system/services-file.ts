import { isService } from '@paidan/contracts';
import { Misuse } from '@paidan/local/call';
import { readFile } from 'node:fs/promises';

/** Where a service is asked. */
export interface ServiceAt {
  readonly name: string;
  /** Without a slash at the end. */
  readonly url: string;
  /** Of each instance, where `/metrics` and `/health` are. */
  readonly metricsUrls: readonly string[];
}

/** @throws Misuse naming the file and what is wrong in it */
export async function readServices(file: string): Promise<readonly ServiceAt[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Misuse(error.code === 'ENOENT' ? `there is no file ${file}` : `${file} can’t be read: ${error.message}`);
  });
  try {
    return servicesIn(text);
  } catch (error) {
    throw new Misuse(`${file}: ${(error as Error).message}`);
  }
}

/** @throws Error */
export function servicesIn(text: string): readonly ServiceAt[] {
  const entries = Object.entries(membersOf(parsed(text), 'it'));
  if (entries.length === 0) throw new Error('it names no service');
  return entries.map(([name, entry]) => {
    if (!isService(name)) throw new Error(`${name} is no service`);
    const { url, metrics, ...others } = membersOf(entry, name);
    const [other] = Object.keys(others);
    if (other !== undefined) throw new Error(`${name}.${other} is not known: there are url and metrics`);
    const metricsUrls = (Array.isArray(metrics) ? (metrics as unknown[]) : [metrics]).map((one) => addressOf(one, `${name}.metrics`));
    if (metricsUrls.length === 0) throw new Error(`${name}.metrics is empty`);
    return { name, url: addressOf(url, `${name}.url`), metricsUrls };
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('it is not valid JSON');
  }
}

function membersOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${what} is not an object`);
  return value as Readonly<Record<string, unknown>>;
}

function addressOf(value: unknown, what: string): string {
  const address = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  if (address?.protocol !== 'http:' && address?.protocol !== 'https:')
    throw new Error(`${what} is not an address like http://127.0.0.1:7101`);
  return address.href.replace(/\/$/, '');
}
