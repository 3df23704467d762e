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

/** One line for a person; AggregateErrors of the network layer have an empty message of their own. */
export function describe(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(describe).join('; ');
  return error instanceof Error ? error.message : String(error);
}
