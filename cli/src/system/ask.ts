import type { ServiceAt } from './services-file.js';

/** For what is only looked at. */
export const QUICK_MS = 10_000;
/** For what is ordered: a replay may have many records to process. */
const PATIENCE_MS = 60_000;

/** The service did not answer, or with something that is none of its answers. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

interface Problem {
  readonly code?: string;
  readonly title?: string;
  readonly titleZh?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string; readonly detailZh?: string }[];
}

/** The service answered with a problem (RFC 9457). */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly code: string;

  constructor(
    service: string,
    readonly status: number,
    problem: Problem,
  ) {
    const { code = String(status), title = 'refused', titleZh, detail, errors = [] } = problem;
    const named = errors.map(({ pointer, detail: en, detailZh: zh }) => `\n  ${pointer}: ${en}${zh === undefined ? '' : ` / ${zh}`}`);
    super(
      `${service}: ${title}${titleZh === undefined ? '' : ` / ${titleZh}`} (${code})${detail === undefined ? '' : `: ${detail}`}${named.join('')}`,
    );
    this.code = code;
  }
}

/**
 * Asks a service as an operator.
 * @throws Unreachable, Refused
 */
export async function ask<T>(service: ServiceAt, path: string, token: string, body?: object): Promise<T> {
  const { name, url } = service;
  const request = {
    headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  };
  const { status, text } = await fetchText(`${url}${path}`, body === undefined ? QUICK_MS : PATIENCE_MS, request).catch(
    (error: unknown) => {
      throw error instanceof Unreachable ? new Unreachable(`${name}: ${error.message}`) : error;
    },
  );
  const answer = objectIn(text);
  if (answer === undefined) throw new Unreachable(`${name}: ${url} answers ${status} with no JSON: is it a service of Paidan?`);
  if (status >= 200 && status < 300) return answer as T;
  throw new Refused(name, status, answer);
}

/** @throws Unreachable */
export async function fetchText(
  address: string,
  patienceMs: number,
  request: RequestInit = {},
): Promise<{ readonly status: number; readonly text: string }> {
  try {
    const response = await fetch(address, { ...request, signal: AbortSignal.timeout(patienceMs) });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    const late = error instanceof DOMException && error.name === 'TimeoutError';
    throw new Unreachable(
      `${new URL(address).origin} does not answer: ${late ? `nothing within ${patienceMs / 1_000} s` : reasonOf(error)}`,
    );
  }
}

/** `fetch failed` says nothing; what it was caused by does. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as { readonly cause?: { readonly code?: string; readonly message?: string }; readonly message: string };
  return cause?.code ?? cause?.message ?? message;
}

function objectIn(text: string): object | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}
