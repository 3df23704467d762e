import { setTimeout as delay } from 'node:timers/promises';

/** kafkajs' batch of one partition, as its fetch returns it: also of each partition that has nothing new. */
interface FetchedBatch {
  readonly rawMessages: readonly unknown[];
}
interface ConsumerGroup {
  readonly groupId: string;
  fetch(nodeId: number): Promise<FetchedBatch[]>;
}

/** How long a reader rests (ms) after each answer of the log, by how much there is to read. */
export interface Gather {
  readonly quietMs: number;
  /** From {@link BUSY} records a second on. */
  readonly busyMs: number;
}

/**
 * Fetching rests after each answer from a rate on: a fetch that returns one record costs the client and the broker as much as one that returns a hundred,
 * and a few milliseconds of gathering halve what both spend. Records a second, and milliseconds of rest.
 */
const PACES = [
  { above: 300, restMs: 15 },
  { above: 60, restMs: 12 },
] as const;
const BUSY = 120;
/** An answer of so many records says that the reader is behind: there is nothing to gather. */
const BEHIND = 2_000;
const MEASURED_MS = 500;

class Pace {
  private since = Date.now();
  private seen = 0;
  private restMs: number;
  private fetched = 0;

  constructor(private readonly gather: Gather) {
    this.restMs = gather.quietMs;
  }

  count(records: number): void {
    this.fetched = records;
    this.seen += records;
    const elapsed = Date.now() - this.since;
    if (elapsed < MEASURED_MS) return;
    const rate = (this.seen * 1_000) / elapsed;
    const least = rate > BUSY ? this.gather.busyMs : this.gather.quietMs;
    this.restMs = Math.max(least, PACES.find(({ above }) => rate > above)?.restMs ?? 0);
    [this.since, this.seen] = [Date.now(), 0];
  }

  async rest(): Promise<void> {
    if (this.fetched > 0 && this.fetched < BEHIND && this.restMs > 0) await delay(this.restMs);
  }
}

/** Readers of this process that gather, by group. */
export const gathering = new Map<string, Gather>();
const AT_ONCE: Gather = { quietMs: 0, busyMs: 0 };

/**
 * Mends kafkajs 2.2.4's reading: it hands an empty batch of every quiet partition through its workers – eleven for each record that comes alone – and
 * asks again at once.
 */
export function installFetchPace({ prototype }: { readonly prototype: ConsumerGroup }): void {
  const paces = new WeakMap<ConsumerGroup, Pace>();
  // Called on its own group below; taken off the prototype to be wrapped.
  const fetch = Reflect.get(prototype, 'fetch') as (this: ConsumerGroup, nodeId: number) => Promise<FetchedBatch[]>;
  prototype.fetch = async function fetchAtPace(this: ConsumerGroup, nodeId: number): Promise<FetchedBatch[]> {
    let pace = paces.get(this);
    if (pace === undefined) paces.set(this, (pace = new Pace(gathering.get(this.groupId) ?? AT_ONCE)));
    await pace.rest();
    const batches = (await fetch.call(this, nodeId)).filter(({ rawMessages }) => rawMessages.length > 0);
    pace.count(batches.reduce((sum, { rawMessages }) => sum + rawMessages.length, 0));
    return batches;
  };
}
