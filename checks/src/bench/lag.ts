import { TICKETS_TOPIC } from '@paidan/contracts';
import type { RunningSystem } from '@paidan/local';
import kafkajs from 'kafkajs';
import { setTimeout as delay } from 'node:timers/promises';
import { topicOffsets } from '../offsets.js';
import { positionsAt } from '../partitions.js';

/** Services that read the log of tickets; intake only writes it. */
export const readersOf = (system: RunningSystem): string[] => Object.keys(system.metricsUrls).filter((name) => name !== 'intake');

/** The log of tickets, seen from outside: where it ends, and how far behind that each service is. */
export class LogGauge {
  private constructor(
    private readonly admin: ReturnType<InstanceType<typeof kafkajs.Kafka>['admin']>,
    private readonly system: RunningSystem,
  ) {}

  static async open(system: RunningSystem): Promise<LogGauge> {
    const admin = new kafkajs.Kafka({ brokers: [...system.brokers], logLevel: kafkajs.logLevel.NOTHING }).admin();
    await admin.connect();
    return new LogGauge(admin, system);
  }

  /** End offset by partition. */
  private async ends(): Promise<Map<string, number>> {
    const offsets = await topicOffsets(this.admin, TICKETS_TOPIC);
    return new Map(offsets.map(({ partition, high }) => [String(partition), Number(high)]));
  }

  /** Records in the log so far. */
  async length(): Promise<number> {
    return sum((await this.ends()).values());
  }

  /** Records that each service has still to read, of those that are in the log now. */
  async behind(): Promise<Record<string, number>> {
    const ends = await this.ends();
    const entries = readersOf(this.system).map(async (name) => {
      const positions = await positionsAt(this.system.metricsUrls[name] ?? '');
      return [name, sum([...ends].map(([partition, end]) => Math.max(0, end - (positions.get(partition) ?? 0))))] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  }

  /** @throws when they are not level after `ms` */
  async untilLevel(ms = 120_000): Promise<void> {
    let behind: Record<string, number> = {};
    for (const end = Date.now() + ms; Date.now() < end; await delay(100)) {
      behind = await this.behind();
      if (Object.values(behind).every((records) => records === 0)) return;
    }
    throw new Error(`not level after ${ms / 1_000} s: ${JSON.stringify(behind)}`);
  }

  async close(): Promise<void> {
    await this.admin.disconnect();
  }
}

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);
