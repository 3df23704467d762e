import { parseTopic } from '@paidan/contracts';
import { merged, readMetrics, type Sample } from './read-metrics.js';

/** Worst last. `dead`: only a restart helps. */
export const HEALTH = ['ok', 'degraded', 'not-ready', 'dead', 'unreachable'] as const;
export type Health = (typeof HEALTH)[number];

/** What an instance of a service answers on its metrics port. */
export interface Instance {
  readonly health: Health;
  /** What is not well, in the service's words. */
  readonly why: readonly string[];
  /** Prometheus' text; empty where there is none. */
  readonly metrics: string;
}

export interface Lag {
  /** Kind of topic: tickets, commands, submissions, directory. */
  readonly consumer: string;
  readonly records: number;
  /** Age of the record to be handled next; null where the service can't tell. */
  readonly seconds: number | null;
}

interface Queue {
  readonly depth: number;
  readonly ageSeconds: number;
}

/** `null` is what a service that doesn't answer, or has no such thing, doesn't tell. */
export interface ServiceStatus {
  readonly service: string;
  readonly health: Health;
  readonly why: readonly string[];
  readonly epoch: number | null;
  /** A restored schema is being told by the log what was said since its back-up: the service takes nothing. */
  readonly restoring: boolean | null;
  readonly lag: readonly Lag[];
  readonly outbox: Queue | null;
  readonly notices: Queue | null;
  readonly parked: number | null;
  readonly setAside: number | null;
  readonly quarantined: number | null;
  /** Feedback's: numbers that never came and that nobody has settled. */
  readonly trailGaps: number | null;
}

export function statusOf(service: string, instances: readonly Instance[]): ServiceStatus {
  const samples = merged(instances.map(({ metrics }) => readMetrics(metrics)));
  const one = (name: string): number | null => samples.find((sample) => sample.name === name)?.value ?? null;
  const queue = (name: 'outbox' | 'notice'): Queue | null => {
    const [depth, ageSeconds] = [one(`paidan_${name}_depth`), one(`paidan_${name}_age_seconds`)];
    return depth === null || ageSeconds === null ? null : { depth, ageSeconds };
  };
  const restoring = one('paidan_restoring');
  return {
    service,
    health: healthOf(instances),
    why: [...new Set(instances.flatMap(({ why }) => why))],
    epoch: one('paidan_epoch'),
    restoring: restoring === null ? null : restoring > 0,
    lag: lagIn(samples),
    outbox: queue('outbox'),
    notices: queue('notice'),
    parked: one('paidan_parked_tickets'),
    setAside: one('paidan_set_aside'),
    quarantined: one('paidan_quarantined'),
    trailGaps: one('paidan_trail_gaps_open'),
  };
}

/** That of the worst instance – but as long as one serves, an instance that doesn't only degrades the service. */
function healthOf(instances: readonly Instance[]): Health {
  const worst = Math.max(...instances.map(({ health }) => HEALTH.indexOf(health)));
  const serves = instances.some(({ health }) => health === 'ok' || health === 'degraded');
  return serves ? (HEALTH[Math.min(worst, HEALTH.indexOf('degraded'))] ?? 'degraded') : (HEALTH[worst] ?? 'unreachable');
}

function lagIn(samples: readonly Sample[]): Lag[] {
  const consumers = new Map<string, { records: number; seconds: number | null }>();
  const seconds = new Map(
    samples.flatMap((sample) => (sample.name === 'paidan_lag_seconds' ? [[laneOf(sample), sample.value] as const] : [])),
  );
  for (const sample of samples) {
    if (sample.name !== 'paidan_lag_records') continue;
    const topic = sample.labels['topic'] ?? '';
    const consumer = parseTopic(topic)?.family ?? topic;
    const before = consumers.get(consumer) ?? { records: 0, seconds: 0 };
    const age = seconds.get(laneOf(sample));
    consumers.set(consumer, {
      records: before.records + sample.value,
      seconds: age === undefined || before.seconds === null ? null : Math.max(before.seconds, age),
    });
  }
  return [...consumers].map(([consumer, lag]) => ({ consumer, ...lag })).sort((a, b) => a.consumer.localeCompare(b.consumer));
}

const laneOf = ({ labels }: Sample): string => `${labels['topic']}/${labels['partition']}`;

export const isWell = ({ health, restoring, parked, setAside, trailGaps }: ServiceStatus): boolean =>
  health === 'ok' && restoring !== true && [parked, setAside, trailGaps].every((count) => count === null || count === 0);
