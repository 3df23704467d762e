import type { RunningSystem } from '@paidan/local';
import { setTimeout as delay } from 'node:timers/promises';

/** The unit whose people call: each ticket that is prepared is addressed to it. */
export const UNIT = 'city-urban-management';
export const CHANNEL = 'web-portal';

export type Json = Readonly<Record<string, unknown>>;

/** Calls the services as everybody at once: what is looked for are wrong answers, not wrong callers. */
export class Caller {
  private constructor(
    private readonly urls: RunningSystem['urls'],
    readonly token: string,
    readonly apiKey: string,
    private readonly writer: string,
  ) {}

  static async open({ urls, keys }: RunningSystem): Promise<Caller> {
    const roles = ['dispatcher', 'supervisor', 'operator', 'officer', 'approver'] as const;
    const token = await keys.token({ sub: 'fuzz', roles, unit: UNIT });
    // Who wrote a reply doesn't approve it.
    const writer = await keys.token({ sub: 'fuzz-writer', roles: ['officer'], unit: UNIT });
    return new Caller(urls, token, await keys.localApiKey(CHANNEL), writer);
  }

  /** @throws with the answer, unless it is a 2xx */
  async call(
    service: string,
    method: 'GET' | 'POST',
    path: string,
    body?: object,
    as: 'everybody' | 'writer' | 'channel' = 'everybody',
  ): Promise<Json> {
    const { status, json } = await this.ask(service, method, path, body, as);
    if (status >= 300) throw new Error(`${method} ${service} ${path}: ${status} ${JSON.stringify(json)}`);
    return json;
  }

  async ask(
    service: string,
    method: string,
    path: string,
    body?: object,
    as = 'everybody',
  ): Promise<{ readonly status: number; readonly json: Json }> {
    const credentials =
      as === 'channel' ? { 'x-api-key': this.apiKey } : { authorization: `Bearer ${as === 'writer' ? this.writer : this.token}` };
    const response = await fetch(`${this.urls[service]}${path}`, {
      method,
      headers: { ...credentials, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    });
    return { status: response.status, json: (await response.json()) as Json };
  }

  /** Says it until it isn't refused for a passing reason. */
  async callUntilReady(service: string, path: string, body: object): Promise<Json> {
    for (const end = Date.now() + 60_000; ; await delay(200)) {
      const { status, json } = await this.ask(service, 'POST', path, body);
      if (status < 300) return json;
      if (json['retryable'] !== true || Date.now() > end) throw new Error(`POST ${service} ${path}: ${status} ${JSON.stringify(json)}`);
    }
  }

  /** Asks until the answer fits: services hear of each other's doings a moment later. */
  async until(what: string, service: string, path: string, fits: (json: Json) => boolean): Promise<void> {
    for (const end = Date.now() + 60_000; ; await delay(100)) {
      const { status, json } = await this.ask(service, 'GET', path);
      if (status === 200 && fits(json)) return;
      if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    }
  }
}
