import { setTimeout as delay } from 'node:timers/promises';

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Calls an address, with a JSON body if there is one. @throws when it doesn't answer for as long as the caller has patience */
export type Call = (url: string, headers: Readonly<Record<string, string>>, body?: object) => Promise<Answer>;

export interface Manners {
  /** For how long an address that doesn't answer is asked again; milliseconds. */
  readonly patience: number;
  /** Where to go this time: one of several processes that serve the same. */
  readonly route?: (url: string) => string;
  /** Hears what was asked and answered in the end. */
  readonly witness?: (url: string, body: object | undefined, answer: Answer) => void;
}

/** Calls a service as its callers do: what wasn't answered, or with "later", is sent again – everything sent here may be repeated. */
export const callWith =
  ({ patience, route = (url) => url, witness }: Manners): Call =>
  async (url, headers, body) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const until = Date.now() + patience;
    for (let tries = 0; ; tries += 1) {
      const answer = await once(route(url), headers, text);
      if (!(answer instanceof Error) && answer.status !== 503 && answer.status !== 429) {
        witness?.(url, body, answer);
        return answer;
      }
      if (Date.now() > until)
        throw answer instanceof Error
          ? answer
          : new Error(`${new URL(url).pathname} is answered ${answer.status} for ${patience / 1_000} s`);
      await delay(Math.min(2_000, 100 * 2 ** tries));
    }
  };

/** With a minute's patience. */
export const call: Call = callWith({ patience: 60_000 });

async function once(url: string, headers: Readonly<Record<string, string>>, body: string | undefined): Promise<Answer | Error> {
  try {
    const response = await fetch(url, {
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { method: 'POST', body }),
      signal: AbortSignal.timeout(30_000),
    });
    const answered: unknown = await response.json().catch(() => ({}));
    return { status: response.status, body: isRecord(answered) ? answered : {} };
  } catch (error) {
    const { message, cause } = error as Error;
    return new Error(`${new URL(url).origin}: ${cause instanceof Error ? cause.message : message}`);
  }
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A problem document (RFC 9457) in one line: its code, and each wrong field. */
export function problemOf({ status, body }: Answer): { readonly reason: string; readonly detail: string } {
  const errors = Array.isArray(body['errors']) ? body['errors'].filter(isRecord) : [];
  return { reason: textOf(body['code']) || `http-${status}`, detail: fieldsOf(errors) || textOf(body['detail']) || textOf(body['title']) };
}

export const fieldsOf = (errors: readonly Readonly<Record<string, unknown>>[]): string =>
  errors
    .slice(0, 5)
    .map(({ pointer, detail, code }) => `${textOf(pointer)} ${textOf(detail) || textOf(code)}`.trim())
    .join('; ');
