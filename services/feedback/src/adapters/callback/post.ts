import { readFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { Posted } from '../../application/courier.js';
import type { Callback } from './channels-file.js';
import { AddressRefused, publicLookup, refuseLiteral } from './public-address.js';
import { secretIn } from './secret.js';

export interface PostOptions {
  readonly timeoutMs: number;
  /** For local runs and tests: private addresses and plain http. */
  readonly allowPrivate: boolean;
  /** Real time; receivers refuse a signature that is five minutes old. */
  readonly now: () => number;
  readonly lookup?: LookupFunction;
}

/** What of an answer's body is read, so that the connection ends in peace; nobody looks at it. */
const BODY_LIMIT = 65_536;

/**
 * Posts a body to a call-back, signed as Standard Webhooks. Redirects are not followed: to be let into the network behind us, an address on the list
 * would only have to answer with one.
 * @param id `webhook-id`, the same at each attempt
 */
export const postSigned = async ({ url, secretFile }: Callback, id: string, body: string, options: PostOptions): Promise<Posted> => {
  if (url.protocol !== 'https:' && !options.allowPrivate) return { ok: false, failure: 'insecure', detail: 'the call-back is not https' };
  let secret: string;
  try {
    // Read each time: a secret that was changed counts from the next attempt on.
    secret = secretIn(await readFile(secretFile, 'utf8'));
  } catch {
    return { ok: false, failure: 'secret', detail: 'the secret of the call-back cannot be read' };
  }
  const at = new Date(options.now());
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'user-agent': 'paidan-feedback',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  };
  try {
    if (!options.allowPrivate) refuseLiteral(url.hostname);
    const lookup = options.lookup ?? (options.allowPrivate ? undefined : publicLookup());
    const answer = await send(url, body, {
      ...{ method: 'POST', headers, agent: false, signal: AbortSignal.timeout(options.timeoutMs) },
      ...(lookup === undefined ? {} : { lookup }),
    });
    return judge(answer);
  } catch (error) {
    return failureOf(error, options.timeoutMs);
  }
};

const send = (url: URL, body: string, options: RequestOptions): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, (response) => {
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > BODY_LIMIT) response.destroy();
      });
      response.on('error', () => undefined);
      resolve(response);
    });
    request.on('error', reject);
    request.end(body);
  });

const judge = ({ statusCode: status = 0, headers }: IncomingMessage): Posted => {
  if (status >= 200 && status < 300) return { ok: true };
  if (status >= 300 && status < 400) return { ok: false, failure: 'redirect', detail: `answered ${status}: redirects are not followed` };
  if (status === 410) return { ok: false, failure: 'gone', detail: 'answered 410: it wants nothing any more' };
  const asked = Number(headers['retry-after']);
  const detail = `answered ${status}`;
  return { ok: false, failure: 'status', detail, ...(asked > 0 ? { retryAfterMs: asked * 1_000 } : {}) };
};

const failureOf = (error: unknown, timeoutMs: number): Posted => {
  if (error instanceof AddressRefused) return { ok: false, failure: 'address', detail: error.message };
  const { name, code, message } = error as NodeJS.ErrnoException;
  if (name === 'AbortError' || name === 'TimeoutError')
    return { ok: false, failure: 'timeout', detail: `no answer within ${timeoutMs} ms` };
  return { ok: false, failure: 'connection', detail: code ?? message };
};
