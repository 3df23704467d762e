import { Misuse } from '@paidan/local/call';
import { readFile } from 'node:fs/promises';
import { LineCounter, parseDocument } from 'yaml';
import type { SimulateOrder } from '../options.js';

/** What `POST /v1/simulations` takes; whether the rules are any good is the service's to say. */
export interface Asked {
  readonly rules?: object;
  readonly version?: number;
  readonly model?: string;
  readonly last: number;
  readonly samples: number;
}

/** @throws Misuse naming the file, the line, and what is wrong */
export async function readDraft({ rules, version, model, last, samples }: SimulateOrder): Promise<Asked> {
  return {
    ...(rules === undefined ? {} : { rules: rulesIn(rules, await textOf(rules)) }),
    ...(version === undefined ? {} : { version }),
    ...(model === undefined ? {} : { model: (await bytesOf('--model', model)).toString('base64') }),
    last,
    samples,
  };
}

/** JSON is YAML, too: one reader for both. */
function rulesIn(file: string, text: string): object {
  const lines = new LineCounter();
  const parsed = parseDocument(text, { lineCounter: lines });
  const [error] = parsed.errors;
  if (error !== undefined) throw new Misuse(`--rules ${file}:${lines.linePos(error.pos[0]).line}: ${error.message.split('\n')[0] ?? ''}`);
  const document = valueOf(file, () => parsed.toJS() as unknown);
  if (typeof document === 'object' && document !== null && !Array.isArray(document)) return document;
  throw new Misuse(`--rules ${file}: it is no set of rules, which has a name and rules`);
}

/** Aliases that multiply each other are refused by the reader. */
function valueOf(file: string, read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    throw new Misuse(`--rules ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function textOf(file: string): Promise<string> {
  const bytes = await bytesOf('--rules', file);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Misuse(`--rules ${file}: it is not UTF-8`);
  }
}

const bytesOf = (option: string, file: string): Promise<Buffer> =>
  readFile(file).catch(({ code, message }: NodeJS.ErrnoException) => {
    throw new Misuse(code === 'ENOENT' ? `${option}: there is no file ${file}` : `${option} ${file} can’t be read: ${code ?? message}`);
  });
