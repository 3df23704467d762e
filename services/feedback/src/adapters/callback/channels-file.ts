import { CHANNEL_ID } from '@paidan/contracts';
import { csvLines, WatchedFile, type Logger } from '@paidan/service-host';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { secretIn } from './secret.js';

/** Where replies to a channel's tickets are posted, and where the secret lies that signs them. */
export interface Callback {
  readonly url: URL;
  readonly secretFile: string;
}

export interface CallbackRules {
  /** Plain http is taken: for local runs and tests. */
  readonly allowHttp: boolean;
  /** Folder that relative paths of secrets start from. */
  readonly folder: string;
}

/**
 * The call-backs in the city's channels file, intake's own table `id,name,kind,active` with two more columns that may be there: `callback_url` and
 * `callback_secret_file`. Replies of inactive channels are pushed as well: their citizens still wait.
 * @throws Error naming the line, and neither address nor secret
 */
export const parseCallbacks = (text: string, { allowHttp, folder }: CallbackRules): ReadonlyMap<string, Callback> => {
  const callbacks = new Map<string, Callback>();
  for (const { cell, wrong } of csvLines(text, ['id'])) {
    const [id, address, secret] = [cell('id'), cell('callback_url'), cell('callback_secret_file')];
    if (!CHANNEL_ID.test(id)) throw wrong(`id «${id}» must match ${CHANNEL_ID.source}`);
    if (address === '' && secret === '') continue;
    if (address === '') throw wrong(`${id} has a secret and no call-back`);
    if (secret === '') throw wrong(`the call-back of ${id} has no callback_secret_file`);
    const secretFile = resolve(folder, secret);
    try {
      callbacks.set(id, { url: urlOf(address, allowHttp), secretFile });
      secretIn(readFileSync(secretFile, 'utf8'));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw wrong(`the call-back of ${id}: ${code ?? message}`);
    }
  }
  return callbacks;
};

const urlOf = (address: string, allowHttp: boolean): URL => {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined) throw new Error('callback_url is not a URL');
  if (url.protocol !== 'https:' && !(allowHttp && url.protocol === 'http:')) throw new Error('callback_url must begin with https://');
  if (url.username !== '' || url.password !== '') throw new Error('callback_url must not contain a name or password');
  return url;
};

/** The call-backs that the file names now. Follows it: a channel's new call-back is known within 2 s. */
export class Callbacks extends WatchedFile<ReadonlyMap<string, Callback>> {
  constructor(path: string, allowHttp: boolean, logger: Logger) {
    super({ path, what: 'channels file', parse: (text) => parseCallbacks(text, { allowHttp, folder: dirname(path) }), logger });
  }
}
