import type { Metrics as RuntimeMetrics } from '@paidan/runtime';
import type { Counter, Histogram } from 'prom-client';
import type { HealthSource } from './health.js';
import { DURATION_BUCKETS, type Metrics } from './metrics.js';

/** Sizes of batches: 1 when quiet, 1,000 at most. */
const COUNT_BUCKETS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

type Labels = Readonly<Record<string, string>>;
const NO_LABELS: Labels = {};

/** The runtime's metrics as series of the service's registry: `Runtime.open(…, { metrics: runtimeMetrics(metrics) })`. */
export const runtimeMetrics = (metrics: Metrics): RuntimeMetrics => {
  const counters = new Map<string, Counter>();
  const histograms = new Map<string, Histogram>();
  // A ticket counts three times. prom-client hashes the labels at each (0.9 µs); a child found by its labels' values costs a third of that.
  const counted = new Map<string, Counter.Internal>();
  const observed = new Map<string, Histogram.Internal<string>>();
  const keyOf = (name: string, labels: Labels): string => {
    let key = name;
    for (const label in labels) key += `\n${labels[label]}`;
    return key;
  };

  return {
    count: (name, help, labels = NO_LABELS, by = 1) => {
      const key = keyOf(name, labels);
      let child = counted.get(key);
      if (child === undefined) {
        let counter = counters.get(name);
        if (counter === undefined) counters.set(name, (counter = metrics.counter({ name, help, labelNames: Object.keys(labels) })));
        counted.set(key, (child = counter.labels(labels)));
      }
      child.inc(by);
    },
    observe: (name, help, value, labels = NO_LABELS) => {
      const key = keyOf(name, labels);
      let child = observed.get(key);
      if (child === undefined) {
        let histogram = histograms.get(name);
        const buckets = name.endsWith('_seconds') ? [...DURATION_BUCKETS] : COUNT_BUCKETS;
        if (histogram === undefined)
          histograms.set(name, (histogram = metrics.histogram({ name, help, labelNames: Object.keys(labels), buckets })));
        observed.set(key, (child = histogram.labels(labels)));
      }
      child.observe(value);
    },
    gauge: (name, help, read) => {
      const gauge = metrics.gauge<string>({
        name,
        help,
        // Which of them a gauge uses is known only when it is read; prom-client wants them named before.
        labelNames: ['queue', 'topic', 'partition'],
        async collect() {
          // A scrape must not fail because Postgres is down: this series is missing then, the others are there.
          const values = await read().catch(() => []);
          gauge.reset();
          for (const { labels = NO_LABELS, value } of values) gauge.set(labels, value);
        },
      });
    },
  };
};

/** What {@link runtimeHealth} asks of a runtime, whatever its record. */
export interface RuntimeHealth {
  health(): Promise<{
    readonly database: boolean;
    readonly restoring?: string;
    readonly degraded: readonly string[];
    readonly stalled: boolean;
  }>;
}

/**
 * The runtime's state for `/health`: without Postgres, and while a restored schema is told what it said, the service can't serve; without the log it
 * serves and says that it is degraded; with a reachable log, records waiting and no progress for a minute only a restart helps.
 */
export const runtimeHealth = (runtime: RuntimeHealth): readonly HealthSource[] => {
  // Four sources, one question.
  let asked: ReturnType<RuntimeHealth['health']> | undefined;
  const ask = () => (asked ??= runtime.health().finally(() => (asked = undefined)));
  return [
    { name: 'database', affects: 'ready', check: async () => ({ ok: (await ask()).database }) },
    {
      name: 'schema',
      affects: 'ready',
      check: async () => {
        const { restoring } = await ask();
        return restoring === undefined ? { ok: true } : { ok: false, detail: restoring };
      },
    },
    {
      name: 'log',
      affects: 'degraded',
      check: async () => {
        const { degraded } = await ask();
        return degraded.length === 0 ? { ok: true } : { ok: false, detail: degraded.join('; ') };
      },
    },
    { name: 'progress', affects: 'live', check: async () => ({ ok: !(await ask()).stalled }) },
  ];
};
