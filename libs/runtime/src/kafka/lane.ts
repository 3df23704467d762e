import type { RuntimeError } from '../errors.js';
import type { RawConsumer } from './kafkajs.js';
import type { LogRecord, Slice } from './log-record.js';

/** Records a partition may have waiting before fetching from it pauses; at 1 KB a record this bounds 12 partitions at 24 MB. */
const QUEUE_HIGH = 2_000;
const QUEUE_LOW = 500;

export const laneKey = (topic: string, partition: number): string => `${topic}/${partition}`;

/**
 * One assigned partition: what Postgres has as its position, how far we got beyond it with records that concern nobody, and what waits.
 * Kafka's client may deliver from anywhere (first fetch before the seek, default offset after OFFSET_OUT_OF_RANGE, a seek not yet applied):
 * only the record expected next is taken, anything later makes us seek back, anything earlier is dropped.
 */
export class Lane {
  readonly key: string;
  halted: RuntimeError | undefined;
  /** Raised whenever the queue is thrown away: a batch taken before says nothing about what is queued after. */
  generation = 0;
  /** In a worker's hands. */
  busy = false;
  /** Offset of the next record to handle. */
  position = 0;
  private storedPosition = 0;
  private nextFetched = 0;
  private high = 0;
  private ready = false;
  private paused = false;
  private gaps = 0;
  private queue: LogRecord[] = [];

  constructor(
    readonly topic: string,
    readonly partition: number,
    private readonly raw: () => RawConsumer | undefined,
  ) {
    this.key = laneKey(topic, partition);
  }

  get hasWork(): boolean {
    return this.ready && !this.busy && this.queue.length > 0 && this.halted === undefined;
  }
  /** Records queued. */
  get waiting(): number {
    return this.queue.length;
  }
  get needsPosition(): boolean {
    return !this.ready && this.halted === undefined;
  }
  get isReady(): boolean {
    return this.ready && this.halted === undefined;
  }
  get unstored(): boolean {
    return this.ready && this.position > this.storedPosition;
  }
  /** The position as Postgres has it. */
  get kept(): number {
    return this.storedPosition;
  }
  get lag(): number {
    return this.ready ? Math.max(0, this.high - this.position) : 0;
  }

  /** When the record to handle next was written: epoch ms, by its producer's clock or the broker's. Undefined while none has been fetched. */
  get nextWrittenAt(): number | undefined {
    return this.queue[0]?.timestamp;
  }

  forget(): void {
    this.ready = false;
    this.halted = undefined;
    this.clear();
  }

  halt(error: RuntimeError): void {
    this.halted = error;
    this.clear();
    this.pause(true);
  }

  begin(position: number): void {
    this.position = this.storedPosition = this.nextFetched = position;
    this.clear();
    this.ready = true;
    this.raw()?.seek(this.topic, this.partition, position);
    // Always: the client remembers a pause while the partition is another's, and the lane that asked for it is gone when the partition comes back.
    this.paused = false;
    this.raw()?.resume(this.topic, this.partition);
  }

  accept(records: readonly LogRecord[], high: number): void {
    if (!this.ready || this.halted !== undefined) return;
    this.high = high;
    const first = records[0];
    if (first === undefined) return;
    if (first.offset > this.nextFetched) {
      // Compaction and transactions leave holes, so a batch that still starts later after we sought back is the log as it is –
      // unless the log's start moved past us, which reading the position anew finds out.
      this.gaps += 1;
      if (this.gaps <= 2) {
        this.raw()?.seek(this.topic, this.partition, this.nextFetched);
        return;
      }
      if (this.gaps === 3) {
        this.ready = false;
        this.clear();
        return;
      }
    }
    this.gaps = 0;
    for (const record of records)
      if (record.offset >= this.nextFetched) {
        this.queue.push(record);
        this.nextFetched = record.offset + 1;
      }
    if (this.queue.length >= QUEUE_HIGH) this.pause(true);
  }

  slice(count: number): Slice {
    const records = this.queue.slice(0, count);
    return {
      topic: this.topic,
      partition: this.partition,
      from: this.storedPosition,
      to: (records.at(-1)?.offset ?? this.position - 1) + 1,
      records,
    };
  }

  handled(slice: Slice, generation: number, stored: boolean): void {
    if (generation !== this.generation) return;
    this.queue.splice(0, slice.records.length);
    this.position = slice.to;
    if (stored) this.storedPosition = this.position;
    if (this.paused && this.queue.length <= QUEUE_LOW) this.pause(false);
  }

  unstoredSlice(): Slice {
    return { topic: this.topic, partition: this.partition, from: this.storedPosition, to: this.position, records: [] };
  }

  stored(from: number, to: number): void {
    if (this.storedPosition === from) this.storedPosition = to;
  }

  private clear(): void {
    this.queue = [];
    this.generation += 1;
  }

  private pause(paused: boolean): void {
    if (this.paused === paused) return;
    this.paused = paused;
    if (paused) this.raw()?.pause(this.topic, this.partition);
    else this.raw()?.resume(this.topic, this.partition);
  }
}
