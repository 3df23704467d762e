/** What can stop the local run. Each code has one clear message that says what to do about it. */
export const infraErrorCodes = [
  'already-running',
  'disk-full',
  'docker-failed',
  'initdb-failed',
  'kafka-exited',
  'kafka-jars-missing',
  'kafka-topic-differs',
  'kafka-unreachable',
  'no-java',
  'no-maven',
  'no-postgres-binaries',
  'no-unprivileged-user',
  'port-taken',
  'postgres-exited',
  'postgres-unreachable',
  'secrets-unreadable',
  'service-failed',
  'setting-invalid',
] as const;

export type InfraErrorCode = (typeof infraErrorCodes)[number];

/** A failure of the local Postgres or Kafka that a person can act on; `message` is written for that person. */
export class InfraError extends Error {
  override readonly name = 'InfraError';

  constructor(
    readonly code: InfraErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Node's or a driver's error code, if the thrown thing carries one. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/**
 * The message alone, for a person. By shape, not by `instanceof`: under Jest the errors of Node's own modules are of another realm.
 * An AggregateError of the network layer has an empty message of its own.
 */
export function describe(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('message' in error)) return String(error);
  if (error.message === '' && 'errors' in error && Array.isArray(error.errors)) return error.errors.map(describe).join('; ');
  return String(error.message);
}
