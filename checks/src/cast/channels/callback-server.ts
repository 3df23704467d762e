import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRecord, textOf } from '../city/api.js';
import type { Complain } from '../city/log.js';

/** A reply as a channel was told it. */
export interface PushedReply {
  readonly channel: string;
  readonly ticketId: string;
  readonly round: number;
  readonly text: string;
}

/** Real seconds that a signature is good for. */
const TOLERANCE = 300;
/** One in so many replies finds the channel's system failing at first, and comes again. */
const FAILS_AT_FIRST = 50;

/** What a channel's system does with a reply that comes: takes it, fails, hangs up before it has taken it, or after. */
export type Reception = 'take' | 'fail' | 'hang-up' | 'take-and-hang-up';

/** A reply that came, whatever was made of it. */
export interface Attempt {
  readonly id: string;
  readonly channel: string;
  readonly ticketId: string;
  readonly round: number;
  /** SHA-256 of the body. */
  readonly digest: string;
  readonly reception: Reception;
}

/** @param attempt 1 for the first under this id */
export type Receive = (id: string, attempt: number) => Reception;

const oneInFifty = (): Receive => {
  let begun = 0;
  const failing = new Set<string>();
  return (id, attempt) => {
    if (attempt === 1 && ++begun % FAILS_AT_FIRST === 0) failing.add(id);
    return attempt === 1 && failing.has(id) ? 'fail' : 'take';
  };
};

/**
 * The systems of the channels, as far as they are called back: each takes replies under an address and with a secret of its own, and believes
 * nothing that isn't signed as Standard Webhooks are. The check is written here by their specification, not with the library that signs.
 */
export class CallbackServer {
  /** Replies received, each once; by `webhook-id`. */
  readonly received = new Map<string, PushedReply>();
  repeated = 0;
  failedAtFirst = 0;
  wrong = 0;
  onReply: (reply: PushedReply) => void = () => undefined;
  onAttempt: (attempt: Attempt) => void = () => undefined;
  complain: Complain = () => undefined;
  private readonly secrets = new Map<string, Buffer>();
  private readonly attempts = new Map<string, number>();

  private constructor(
    private readonly server: Server,
    private readonly folder: string,
    private readonly receive: Receive,
  ) {}

  static async open(receive: Receive = oneInFifty()): Promise<CallbackServer> {
    const server = createServer();
    const callbacks = new CallbackServer(server, await mkdtemp(join(tmpdir(), 'paidan-callbacks-')), receive);
    server.on('request', (request, response) => {
      void callbacks.take(request).then((status) => (status === undefined ? request.socket.destroy() : response.writeHead(status).end()));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return callbacks;
  }

  /** An address for a channel, and the file that its secret lies in. */
  async register(channel: string): Promise<{ readonly url: string; readonly secretFile: string }> {
    const key = randomBytes(32);
    const secretFile = join(this.folder, `${channel}.secret`);
    await writeFile(secretFile, `whsec_${key.toString('base64')}\n`, { mode: 0o600 });
    this.secrets.set(channel, key);
    return { url: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/replies/${channel}`, secretFile };
  }

  isRegistered(channel: string): boolean {
    return this.secrets.has(channel);
  }

  /** @returns the status to answer; undefined hangs up */
  private async take(request: IncomingMessage): Promise<number | undefined> {
    const channel = /^\/replies\/([a-z0-9-]+)$/.exec(request.url ?? '')?.[1] ?? '';
    const secret = this.secrets.get(channel);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const fault = secret === undefined ? 'for nobody' : faultOf(request.headers, body, secret);
    if (fault !== undefined) {
      this.wrong += 1;
      this.complain(`a call-back came ${fault}`);
      return 401;
    }
    const reply = replyOf(body, channel);
    if (reply === undefined) {
      this.complain('a call-back came that can not be read');
      return 400;
    }
    const id = textOf(request.headers['webhook-id']);
    const attempt = (this.attempts.get(id) ?? 0) + 1;
    this.attempts.set(id, attempt);
    const reception = this.receive(id, attempt);
    const { ticketId, round } = reply;
    this.onAttempt({ id, channel, ticketId, round, digest: createHash('sha256').update(body).digest('base64url'), reception });
    if (attempt === 1 && reception !== 'take') this.failedAtFirst += 1;
    if (reception === 'fail') return 500;
    if (reception === 'hang-up') return undefined;
    if (this.received.has(id)) this.repeated += 1;
    else {
      this.received.set(id, reply);
      this.onReply(reply);
    }
    return reception === 'take' ? 204 : undefined;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
    await rm(this.folder, { recursive: true });
  }
}

/** What is wrong with a message by https://www.standardwebhooks.com, or nothing. */
export function faultOf(headers: IncomingHttpHeaders, body: Buffer, secret: Buffer, now = Date.now()): string | undefined {
  const [id, timestamp] = [textOf(headers['webhook-id']), textOf(headers['webhook-timestamp'])];
  if (id === '' || !/^\d+$/.test(timestamp)) return 'without an id and a time';
  if (Math.abs(now / 1000 - Number(timestamp)) > TOLERANCE) return 'signed too long ago';
  const expected = createHmac('sha256', secret).update(`${id}.${timestamp}.`).update(body).digest();
  const signed = textOf(headers['webhook-signature'])
    .split(' ')
    .filter((one) => one.startsWith('v1,'))
    .map((one) => Buffer.from(one.slice(3), 'base64'));
  return signed.some((one) => one.length === expected.length && timingSafeEqual(one, expected)) ? undefined : 'with a wrong signature';
}

function replyOf(body: Buffer, channel: string): PushedReply | undefined {
  let message: unknown;
  try {
    message = JSON.parse(body.toString());
  } catch {
    return undefined;
  }
  const data = isRecord(message) && message['type'] === 'paidan.reply.v1' && isRecord(message['data']) ? message['data'] : undefined;
  const [ticketId, round, text] = [textOf(data?.['ticketId']), Number(data?.['round']), textOf(data?.['text'])];
  return ticketId !== '' && Number.isInteger(round) && text !== '' ? { channel, ticketId, round, text } : undefined;
}
