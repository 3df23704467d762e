import type { Member } from './closed-set.js';

/** How loud an error is in the log; the names are the logger's levels. `fatal` wakes somebody. */
export const LOUDNESS = ['debug', 'info', 'warn', 'error', 'fatal'] as const;
export type Loudness = Member<typeof LOUDNESS>;

/** What the receiver of an error needs to know, and all it may ask: whether the same again can succeed, and how loud to say it. */
export interface ErrorTraits {
  readonly retryable: boolean;
  readonly loud: Loudness;
  /** HTTP status at the edge, where the error can reach one. */
  readonly status?: number;
}

export interface ErrorDetails {
  readonly cause?: unknown;
  /** Members of the RFC 9457 problem document: plain JSON, never contact data. */
  readonly extensions?: Readonly<Record<string, unknown>>;
}

export class PaidanError<Code extends string = string> extends Error implements ErrorTraits {
  override readonly name = 'PaidanError';
  readonly retryable: boolean;
  readonly loud: Loudness;
  readonly status?: number;
  readonly extensions?: Readonly<Record<string, unknown>>;

  constructor(
    /** The lib or service whose list the code is in. */
    readonly owner: string,
    readonly code: Code,
    message: string,
    traits: ErrorTraits,
    details: ErrorDetails = {},
  ) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.retryable = traits.retryable;
    this.loud = traits.loud;
    if (traits.status !== undefined) this.status = traits.status;
    if (details.extensions !== undefined) this.extensions = details.extensions;
  }
}

/** Makes errors of one owner; only codes of its list compile. */
export interface ErrorFactory<Code extends string> {
  (code: Code, message: string, details?: ErrorDetails): PaidanError<Code>;
  readonly owner: string;
  readonly codes: readonly Code[];
  readonly traits: Readonly<Record<Code, ErrorTraits>>;
  /** True of an error of this owner, and of this code when one is given. */
  readonly is: <C extends Code = Code>(error: unknown, code?: C) => error is PaidanError<C>;
}

/** The codes of a factory: `type RuntimeErrorCode = CodeOf<typeof runtimeError>`. */
export type CodeOf<F> = F extends ErrorFactory<infer Code> ? Code : never;

/**
 * The closed list of an owner's errors, once per lib and service:
 *
 * ```ts
 * export const runtimeError = defineErrors('runtime', {
 *   'position-outside-log': { retryable: false, loud: 'fatal' },
 *   'ticket-parked': { retryable: true, loud: 'info', status: 409 },
 * });
 * throw runtimeError('ticket-parked', `ticket ${id} is parked`, { extensions: { ticketId: id } });
 * ```
 */
export const defineErrors = <Code extends string>(owner: string, traits: Readonly<Record<Code, ErrorTraits>>): ErrorFactory<Code> => {
  const make = (code: Code, message: string, details?: ErrorDetails): PaidanError<Code> =>
    new PaidanError(owner, code, message, traits[code], details);
  const is = <C extends Code = Code>(error: unknown, code?: C): error is PaidanError<C> =>
    error instanceof PaidanError && error.owner === owner && (code === undefined || error.code === code);
  return Object.assign(make, { owner, codes: Object.keys(traits) as Code[], traits, is });
};
