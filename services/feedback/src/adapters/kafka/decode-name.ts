import { decodeOutbound, directoryKey } from '@paidan/contracts';
import { isStorable } from '@paidan/kernel';
import type { LogRecord } from '@paidan/runtime';

/** What a unit or a matter is called, under its key of the directory: `unit:<code>`, `matter:<code>`. */
export interface DirectoryName {
  readonly key: string;
  readonly version: number;
  readonly name: string;
}

export type DecodedName =
  | { readonly kind: 'name'; readonly name: DirectoryName }
  /** A marker, a kind of entry whose name nothing shows, a tombstone, or a type that a newer dispatch publishes. */
  | { readonly kind: 'skip' }
  | { readonly kind: 'fault'; readonly reason: string; readonly detail: string };

/**
 * A name out of a message of `paidan.directory`. Nothing is decided by it, it is shown: so an entry counts as it comes, whether or not its version is whole
 * already. What Postgres would refuse is found here: in there it would stop the topic for good.
 */
export const decodeName = ({ value }: Pick<LogRecord, 'value'>): DecodedName => {
  if (value === null) return { kind: 'skip' };
  const decoded = decodeOutbound(value);
  if (!decoded.ok)
    return decoded.reason === 'unknown-type' ? { kind: 'skip' } : { kind: 'fault', reason: decoded.reason, detail: decoded.detail };
  const { message } = decoded;
  if (!message.type.startsWith('directory.'))
    return { kind: 'fault', reason: 'foreign-type', detail: `${message.type} does not belong on the directory` };
  if (message.type !== 'directory.unit' && message.type !== 'directory.matter') return { kind: 'skip' };
  const name = { key: directoryKey(message), version: message.version, name: message.name };
  if (Number.isSafeInteger(name.version) && isStorable(name.key) && isStorable(name.name)) return { kind: 'name', name };
  return { kind: 'fault', reason: 'schema', detail: 'an entry with a version, code or name that cannot be kept' };
};
