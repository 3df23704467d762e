import {
  collectDefaultMetrics,
  Counter,
  Gauge,
  Histogram,
  Registry,
  type CounterConfiguration,
  type GaugeConfiguration,
  type HistogramConfiguration,
} from 'prom-client';

/** Seconds, from a look-up in memory to a request that waits for a lock. */
export const DURATION_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

type Without<C> = Omit<C, 'registers'>;

/** The service's metrics. Injectable; names start with `paidan_`, units are in the name (`_seconds`, `_bytes`, `_total`). */
export class Metrics {
  readonly registry = new Registry();

  constructor(service: string) {
    this.registry.setDefaultLabels({ service });
    collectDefaultMetrics({ register: this.registry });
  }

  counter<L extends string>(configuration: Without<CounterConfiguration<L>>): Counter<L> {
    return new Counter<L>({ ...configuration, registers: [this.registry] });
  }

  /** With `collect()` in the configuration the value is asked for at each scrape. */
  gauge<L extends string>(configuration: Without<GaugeConfiguration<L>>): Gauge<L> {
    return new Gauge<L>({ ...configuration, registers: [this.registry] });
  }

  histogram<L extends string>(configuration: Without<HistogramConfiguration<L>>): Histogram<L> {
    return new Histogram<L>({ buckets: [...DURATION_BUCKETS], ...configuration, registers: [this.registry] });
  }

  /** The HTTP request histogram: `observe(method, route, status, seconds)`. */
  httpDuration(): (method: string, route: string, status: number, seconds: number) => void {
    const histogram = this.histogram({
      name: 'paidan_http_request_duration_seconds',
      help: 'Duration of HTTP requests by route and status',
      labelNames: ['method', 'route', 'status'],
    });
    // prom-client hashes the labels on each observe (0.9 µs); a child kept by route and status costs a look-up.
    type Child = Histogram.Internal<'method' | 'route' | 'status'>;
    const children = new Map<string, Map<number, Child>>();
    return (method, route, status, seconds) => {
      const key = `${method} ${route}`;
      let byStatus = children.get(key);
      if (byStatus === undefined) children.set(key, (byStatus = new Map<number, Child>()));
      let child = byStatus.get(status);
      if (child === undefined) byStatus.set(status, (child = histogram.labels(method, route, String(status))));
      child.observe(seconds);
    };
  }
}
