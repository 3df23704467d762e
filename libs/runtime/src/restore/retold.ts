import type { LogRecord, Slice } from '../kafka/log-record.js';
import type { Stretch } from './read-words.js';

/** A story that was told again, as of positions in the log from which it goes on. */
export interface Retold {
  readonly cluster: string;
  /** Where it lies in the topic of what is told again. */
  readonly stretches: readonly Stretch[];
  /** By partition of the tickets' topic, the offset of the first record that isn't in it. */
  readonly positions: readonly { readonly partition: number; readonly offset: number }[];
}

/**
 * What was told again takes the place of what the log no longer has: its offsets come before the log's first.
 * @param stretches where it lies; anything beside was told another time
 */
export const asIfInLog = ({ partition, records }: Slice, tickets: string, stretches: readonly Stretch[]): readonly LogRecord[] => {
  const stretch = stretches.find((one) => one.partition === partition);
  if (stretch === undefined) return [];
  const { from, to } = stretch;
  return records
    .filter(({ offset }) => offset >= from && offset < to)
    .map((record) => ({ ...record, topic: tickets, offset: record.offset - to }));
};
