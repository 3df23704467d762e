import { channelOfTopic, decodeOutbound, receiptsTopic, submissionsTopic } from '@paidan/contracts';
import type { Kafka } from 'kafkajs';
import { setTimeout as delay } from 'node:timers/promises';
import { fieldsOf } from '../city/api.js';
import type { Arrivals } from './arrivals.js';
import { type Complain, LogWriter, type Read, type Reader, readFromNow } from '../city/log.js';
import type { Entry, Notebook } from '../city/notebook.js';

/** Handed in and not yet answered, at most. */
const WINDOW = 200;
/** A submission without a receipt is handed in again: the same again is the same ticket. */
const AGAIN_AFTER = 20_000;

/** Channels that hand in over `paidan.submissions.<channel>` and read their receipts. */
export class KafkaAdapters {
  private readonly waiting = new Map<string, { readonly entry: Entry; since: number }>();
  private consumer: Reader | undefined;
  repeated = 0;

  private constructor(
    private readonly writer: LogWriter,
    private readonly notebook: Notebook,
    private readonly complain: Complain,
  ) {}

  static async open(kafka: Kafka, channels: readonly string[], notebook: Notebook, complain: Complain): Promise<KafkaAdapters> {
    const adapters = new KafkaAdapters(await LogWriter.open(kafka, complain), notebook, complain);
    adapters.consumer = await readFromNow(kafka, 'receipts', channels.map(receiptsTopic), (read) => adapters.take(read), complain);
    return adapters;
  }

  /** Hands in everything when its time comes, or stops at the one signal; waits for each receipt, until the other. */
  async run(entries: readonly Entry[], comes: Arrivals, stop: AbortSignal, giveUp: AbortSignal): Promise<void> {
    const queue = [...entries];
    while (!giveUp.aborted && (queue.length > 0 || this.waiting.size > 0)) {
      if (stop.aborted) queue.length = 0;
      for (const entry of queue.splice(0, Math.min(WINDOW - this.waiting.size, comes.howManyOf(queue)))) {
        this.notebook.handedIn(entry);
        this.waiting.set(keyOf(entry), { entry, since: Date.now() });
        this.write(entry);
      }
      for (const unanswered of this.waiting.values()) {
        if (Date.now() - unanswered.since < AGAIN_AFTER) continue;
        unanswered.since = Date.now();
        this.repeated += 1;
        this.write(unanswered.entry);
      }
      await delay(20);
    }
  }

  private write({ appeal: { channel, submission } }: Entry): void {
    this.writer.write(submissionsTopic(channel), submission.externalId, submission);
  }

  private take({ topic, value }: Read): void {
    const decoded = decodeOutbound(value);
    if (!decoded.ok) return this.complain(`a message on ${topic} can't be read: ${decoded.detail}`);
    const { message } = decoded;
    if (message.type !== 'submission.accepted' && message.type !== 'submission.refused') return;
    // Without an external id it was not ours: ours can always be read.
    const key = `${channelOfTopic(topic) ?? ''}/${message.externalId ?? ''}`;
    const entry = this.waiting.get(key)?.entry;
    if (entry === undefined) return;
    this.waiting.delete(key);
    if (message.type === 'submission.accepted') {
      this.notebook.accept(entry, message.ticketId, message.number, message.queryCode);
    } else {
      const { reason, detail, errors } = message;
      this.notebook.settle(entry, { kind: 'refused', reason, detail: fieldsOf(errors) || detail });
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.writer.close(), this.consumer?.disconnect()]);
  }
}

const keyOf = ({ appeal: { channel, submission } }: Entry): string => `${channel}/${submission.externalId}`;
