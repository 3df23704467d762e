import { HttpException } from '@nestjs/common';
import { codeOfStatus, type ProblemCatalogue } from './catalogue.js';

/**
 * What the host asks of an error to show it to a caller; kernel's PaidanError and runtime's RuntimeError are of this shape. `code` is in kebab
 * case: that tells ours from Postgres' (`23505`) and Node's (`ECONNREFUSED`).
 */
export interface DomainError {
  readonly code: string;
  readonly message: string;
  /** 500 unless given, or 503 when `retryable`. */
  readonly status?: number | undefined;
  readonly retryable?: boolean | undefined;
  /** Whether somebody must look: a level of the log, or true for `error`. */
  readonly loud?: boolean | string | undefined;
  /** Further members of the document; `detailZh` and `retryAfterSeconds` are taken from here. */
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** An RFC 9457 problem document and what goes around it. */
export interface Problem {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>> & { readonly code: string };
  readonly headers: Readonly<Record<string, string>>;
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'fatal';
}

const KEBAB = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const LEVELS = ['debug', 'info', 'warn', 'error', 'fatal'] as const;
/** Seconds in `Retry-After` when the error does not know better. */
const RETRY_AFTER = 2;
/** Members that an extension may not overwrite. */
const RESERVED: ReadonlySet<string> = new Set([
  'type',
  'title',
  'titleZh',
  'status',
  'code',
  'detail',
  'retryable',
  'retryAfterSeconds',
  'headers',
]);

export const isDomainError = (error: unknown): error is DomainError =>
  error instanceof Error &&
  !(error instanceof HttpException) &&
  'code' in error &&
  typeof error.code === 'string' &&
  KEBAB.test(error.code) &&
  (!('status' in error) || error.status === undefined || typeof error.status === 'number');

const levelOf = (loud: DomainError['loud'], status: number): Problem['level'] => {
  const named = LEVELS.find((level) => level === loud);
  if (named !== undefined) return named;
  return loud === true || (status >= 500 && status !== 503) ? 'error' : 'debug';
};

// Errors of Fastify itself, by its codes.
const FASTIFY: Readonly<Record<string, string>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed-json',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed-json',
  FST_ERR_BAD_URL: 'malformed-url',
  FST_ERR_MAX_PARAM_LENGTH: 'address-too-long',
};

/** Our code for an error of Fastify itself. */
export const fastifyCode = (error: unknown): string | undefined => {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('code' in error && typeof error.code === 'string' && error.code in FASTIFY) return FASTIFY[error.code];
  return 'cause' in error ? fastifyCode(error.cause) : undefined;
};

const httpStatus = (error: unknown): number | undefined => {
  if (error instanceof HttpException) return error.getStatus();
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  const status = error.statusCode;
  return typeof status === 'number' && status >= 400 && status < 600 ? status : undefined;
};

const detailOf = (exception: HttpException): string | undefined => {
  const response = exception.getResponse();
  if (typeof response === 'string') return response;
  const message = 'message' in response ? response.message : undefined;
  return typeof message === 'string' && message !== exception.name ? message : undefined;
};

/** The problem document for any thrown value. Of an unexpected error nothing gets out: not its message, not its type. */
export const problemOf = (error: unknown, catalogue: ProblemCatalogue, requestId?: string): Problem => {
  const make = (code: string, fallback: number, from: Partial<DomainError> & { readonly detail?: string | undefined } = {}): Problem => {
    const kind = catalogue[code] ?? catalogue[codeOfStatus(from.status ?? fallback)];
    const status = from.status ?? kind?.status ?? fallback;
    const extensions = from.extensions ?? {};
    const waits = status === 503 || status === 429;
    const seconds =
      typeof extensions['retryAfterSeconds'] === 'number' ? Math.ceil(extensions['retryAfterSeconds']) : waits ? RETRY_AFTER : undefined;
    const hidden = status === 500;
    return {
      status,
      level: levelOf(from.loud, status),
      headers: {
        ...(extensions['headers'] as Record<string, string> | undefined),
        ...(seconds === undefined ? {} : { 'retry-after': String(seconds) }),
        ...(status === 401 ? { 'www-authenticate': 'Bearer realm="paidan", ApiKey realm="paidan"' } : {}),
      },
      body: {
        type: `/problems/${code}`,
        title: kind?.title ?? code,
        ...(kind === undefined ? {} : { titleZh: kind.titleZh }),
        status,
        code,
        ...(from.detail === undefined || status >= 500 ? {} : { detail: from.detail }),
        ...(from.retryable === undefined || hidden ? {} : { retryable: from.retryable }),
        ...(requestId === undefined ? {} : { requestId }),
        ...(hidden ? {} : Object.fromEntries(Object.entries(extensions).filter(([key]) => !RESERVED.has(key)))),
      },
    };
  };

  if (isDomainError(error)) {
    const known = catalogue[error.code]?.status;
    const status = error.status ?? known ?? (error.retryable === true ? 503 : 500);
    // A code that is for callers names itself; an internal one (position-lost, timer-loop …) is nobody's business.
    return status === 500
      ? make('internal-error', 500, { loud: error.loud === false || error.loud === undefined ? 'error' : error.loud })
      : make(error.code, status, { ...pick(error), status, detail: error.message });
  }
  const fastify = fastifyCode(error);
  if (fastify !== undefined) return make(fastify, 400);
  const status = httpStatus(error);
  if (status === undefined || status === 500) return make('internal-error', 500, { loud: 'error' });
  return make(codeOfStatus(status), status, {
    status,
    detail: error instanceof HttpException && status < 500 ? detailOf(error) : undefined,
  });
};

const pick = ({ retryable, loud, extensions }: DomainError): Partial<DomainError> => ({ retryable, loud, extensions });
