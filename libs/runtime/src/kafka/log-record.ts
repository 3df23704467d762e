export type Header = Buffer | string;

/** One record of a topic as it lies in the log. */
export interface LogRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** A header of ASCII alone, as all of ours are, comes as text; one that was sent more than once as a list. */
  readonly headers: Readonly<Record<string, Header | readonly Header[] | undefined>>;
  /** Broker or producer time, epoch ms. */
  readonly timestamp: number;
}

/** Consecutive records of one partition, and where its position moves once they are handled. */
export interface Slice {
  readonly topic: string;
  readonly partition: number;
  /** The position these records start from; compared with Postgres' before anything else. */
  readonly from: number;
  readonly to: number;
  readonly records: readonly LogRecord[];
}

/** What a handler gets: slices of one topic (or of topics of one kind), over all partitions that have something. */
export interface LogBatch {
  readonly slices: readonly Slice[];
  /** Oldest record's age is not known here; this is when the batch was taken, epoch ms. */
  readonly takenAt: number;
}

/** Headers as bytes for a table: jsonb would refuse a NUL that some producer put there. */
export function headersToBytes(headers: LogRecord['headers']): Buffer {
  const plain: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    plain[name] = isList(value) ? value.map(base64) : base64(value);
  }
  return Buffer.from(JSON.stringify(plain));
}

export function headersFromBytes(bytes: Buffer): LogRecord['headers'] {
  const plain = JSON.parse(bytes.toString()) as Record<string, string | string[]>;
  const from = (text: string): Buffer => Buffer.from(text, 'base64');
  return Object.fromEntries(Object.entries(plain).map(([name, value]) => [name, Array.isArray(value) ? value.map(from) : from(value)]));
}

const isList = (value: Header | readonly Header[]): value is readonly Header[] => Array.isArray(value);
const base64 = (value: Header): string => Buffer.from(value as string).toString('base64');
