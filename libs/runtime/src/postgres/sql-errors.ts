/**
 * What a SQLSTATE means for the work that met it. Classes 22 and 23 say that *data* was refused: the batch is bisected and the one ticket parked.
 * Everything listed as transient is waited out; nothing is parked for it.
 */
export type SqlVerdict = 'bad-data' | 'transient' | 'fatal';

const TRANSIENT_CLASSES = [
  '08', // connection exception
  '40', // serialization failure, deadlock
  '53', // insufficient resources: too many connections, disk full
  '57', // operator intervention: admin shutdown, crash shutdown, cannot connect now, query cancelled
  '58', // system error
];
const TRANSIENT_CODES = new Set([
  '55P03', // lock_timeout
  '25P02', // in failed transaction: a query raced the one that failed
  '25P03', // idle_in_transaction_session_timeout
  '25P04', // transaction_timeout
]);
const SOCKET_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'ENOENT']);

/** The SQLSTATE or socket code of an error from pg, also when TypeORM has wrapped it. */
export function sqlCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, driverError } = error as { code?: unknown; driverError?: { code?: unknown } };
  const found = driverError?.code ?? code;
  return typeof found === 'string' ? found : undefined;
}

export function sqlVerdict(error: unknown): SqlVerdict {
  const code = sqlCode(error);
  if (code !== undefined) {
    if (SOCKET_CODES.has(code) || TRANSIENT_CODES.has(code)) return 'transient';
    if (/^[0-9A-Z]{5}$/.test(code)) {
      if (code.startsWith('22') || code.startsWith('23')) return 'bad-data';
      return TRANSIENT_CLASSES.includes(code.slice(0, 2)) ? 'transient' : 'fatal';
    }
  }
  // pg reports a connection that went away under a query without a code; TypeORM lets go of a runner whose connection broke.
  const text = error instanceof Error ? error.message : '';
  return /connection terminated|client has encountered a connection error|not queryable|timeout exceeded when trying to connect|connection ended|query runner already released/i.test(
    text,
  )
    ? 'transient'
    : 'fatal';
}
