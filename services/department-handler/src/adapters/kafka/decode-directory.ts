import { decodeOutbound, UNIT_CODE, type DirectoryMatter, type DirectoryPublished, type DirectoryUnit } from '@paidan/contracts';
import { isStorable } from '@paidan/kernel';
import type { LogRecord } from '@paidan/runtime';

/** What the marker's count and hash are about, and the marker: all that is of use here. */
export type KeptMessage = DirectoryUnit | DirectoryMatter | DirectoryPublished;

export type DecodedDirectory =
  | { readonly kind: 'message'; readonly message: KeptMessage }
  /** A tombstone, a kind of entry that is of no use here, or a type that a newer dispatch publishes. */
  | { readonly kind: 'skip' }
  | { readonly kind: 'fault'; readonly reason: string; readonly detail: string };

const fault = (reason: string, detail: string): DecodedDirectory => ({ kind: 'fault', reason, detail });

/** A message of `paidan.directory`. What Postgres would refuse is found here: in there it would stop the topic for good. */
export const decodeDirectory = ({ value }: Pick<LogRecord, 'value'>): DecodedDirectory => {
  if (value === null) return { kind: 'skip' };
  const decoded = decodeOutbound(value);
  if (!decoded.ok) return decoded.reason === 'unknown-type' ? { kind: 'skip' } : fault(decoded.reason, decoded.detail);
  const { message } = decoded;
  switch (message.type) {
    case 'directory.unit':
      return isNumbered(message) && isFit(message)
        ? { kind: 'message', message }
        : fault('schema', 'a unit with a version, code, parent, name or level that cannot be kept');
    case 'directory.matter':
      return isNumbered(message) && isStorable(message.code)
        ? { kind: 'message', message }
        : fault('schema', 'a matter with a code or version that cannot be kept');
    case 'directory.published':
      return isNumbered(message) ? { kind: 'message', message } : fault('schema', 'a version that cannot be kept');
    case 'directory.responsibility':
    case 'directory.mailbox':
      return { kind: 'skip' };
    default:
      return fault('foreign-type', `${message.type} does not belong on the directory`);
  }
};

const isNumbered = ({ version }: KeptMessage): boolean => Number.isSafeInteger(version);

const isFit = ({ code, parent, name, level }: DirectoryUnit): boolean =>
  UNIT_CODE.test(code) && (parent === null || UNIT_CODE.test(parent)) && isStorable(name) && level >= 1 && level <= 100;
