/** Where the runtime reports what it does; the host turns it into Prometheus series. */
export interface Metrics {
  count(name: string, help: string, labels?: Readonly<Record<string, string>>, by?: number): void;
  /** `value` in the unit that ends the name (`_seconds`, `_records`). */
  observe(name: string, help: string, value: number, labels?: Readonly<Record<string, string>>): void;
  /** Read when scraped. */
  gauge(name: string, help: string, read: () => Promise<readonly { labels?: Readonly<Record<string, string>>; value: number }[]>): void;
}

export const noMetrics: Metrics = { count: () => undefined, observe: () => undefined, gauge: () => undefined };

/** Where the runtime speaks to the operator. The same shape as pino's. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export const noLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
