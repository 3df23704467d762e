import { decodeHeaders, headerOf, parseWireType, TICKETS_TOPIC, type WireHeaders } from '@paidan/contracts';
import { type SystemClock, timeOf } from '@paidan/local';
import kafkajs, { type Consumer } from 'kafkajs';
import { randomUUID } from 'node:crypto';

/** Looks at the log from outside and takes the time from a ticket's acceptance (intake's own word) to its assignment reaching a reader of the log. */
export class Observer {
  private readonly acceptedAt = new Map<string, number>();
  /** Real milliseconds. */
  latencies: number[] = [];
  registered = 0;
  assigned = 0;

  private constructor(
    private readonly consumer: Consumer,
    private readonly clock: SystemClock | undefined,
  ) {}

  /** @param clock the services', where it isn't real time */
  static async start(brokers: readonly string[], clock?: SystemClock): Promise<Observer> {
    const kafka = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING });
    const consumer = kafka.consumer({ groupId: `bench.${randomUUID()}`, maxWaitTimeInMs: 1_000 });
    const observer = new Observer(consumer, clock);
    await consumer.connect();
    await consumer.subscribe({ topic: TICKETS_TOPIC, fromBeginning: false });
    const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        for (const message of batch.messages) observer.see((message.headers ?? {}) as WireHeaders);
      },
    });
    await joined;
    return observer;
  }

  private see(headers: WireHeaders): void {
    const type = parseWireType(headerOf(headers, 'ce_type') ?? '');
    if (type.kind !== 'known') return;
    if (type.name !== 'ticket.registered' && type.name !== 'ticket.assigned' && type.name !== 'ticket.held') return;
    const decoded = decodeHeaders(headers);
    if (!decoded.ok) return;
    const { subject, time } = decoded.envelope;
    if (type.name === 'ticket.registered') {
      this.registered += 1;
      this.acceptedAt.set(subject, Date.parse(time));
      return;
    }
    if (type.name === 'ticket.assigned') this.assigned += 1;
    const accepted = this.acceptedAt.get(subject);
    if (accepted !== undefined) this.latencies.push((timeOf(this.clock) - accepted) / (this.clock?.factor ?? 1));
    this.acceptedAt.delete(subject);
  }

  async stop(): Promise<void> {
    await this.consumer.disconnect();
  }
}
