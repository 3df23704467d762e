import type { DiscardedRecord, QuarantinedRecord, ReplayResult, WaitingShown } from '@paidan/runtime';
import { safeMessage, scrubText } from '../logging/scrub.js';
import type { DiscardedView, FailureShown, QuarantinedView, ReplayView, WaitingView } from './shapes.js';

/** A message is an error's, which may quote what it choked on. */
export const failureOf = ({ code, message }: FailureShown): FailureShown => ({
  code,
  message: safeMessage(Object.assign(new Error(message), { name: code, code })),
});

export const waitingOf = ({ parkedAt, error, ...rest }: WaitingShown): WaitingView => ({
  ...rest,
  parkedAt: parkedAt.toISOString(),
  ...(error === undefined ? {} : { error: failureOf(error) }),
});

export const replayOf = ({ error, ...rest }: ReplayResult): ReplayView => ({
  ...rest,
  ...(error === undefined ? {} : { error: failureOf(error) }),
});

export const discardedOf = ({ error, at, ...rest }: DiscardedRecord): DiscardedView => ({
  ...rest,
  error: failureOf(error),
  at: at.toISOString(),
});

export const quarantinedOf = ({ topic, partition, offset, reason, detail, bytes, quarantinedAt }: QuarantinedRecord): QuarantinedView => ({
  topic,
  partition,
  offset,
  reason,
  detail: scrubText(detail),
  bytes,
  quarantinedAt: quarantinedAt.toISOString(),
});

/** What may be shown of a quarantined value: nothing of one with a seal in it, well-formed or not, nor a number that reaches or names a person. */
export const valueOf = (bytes: Buffer | null): { readonly sealed: true } | { readonly value: string } => {
  const text = bytes?.toString('utf8') ?? '';
  return text.includes('"sealed"') || hasSeal(parsed(text)) ? { sealed: true } : { value: scrubText(text) };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const hasSeal = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  return 'sealed' in value || Object.values(value).some(hasSeal);
};
