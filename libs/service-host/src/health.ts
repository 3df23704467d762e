/** What a source says of itself. `detail` is shown to everybody who asks: short, without addresses and data. */
export interface HealthState {
  readonly ok: boolean;
  readonly detail?: string;
}

/** Something whose state matters to the service's health: a pool, the relay, a consumer. */
export interface HealthSource {
  readonly name: string;
  /**
   * What a failing check means. `degraded`: the service serves and says so (Kafka is down, outboxes fill). `ready` (the default): it cannot
   * serve, traffic goes elsewhere (Postgres is down). `live`: only a restart helps.
   */
  readonly affects?: 'degraded' | 'ready' | 'live';
  check(): HealthState | Promise<HealthState>;
}

export interface HealthReport {
  readonly status: 'ok' | 'degraded' | 'not-ready';
  readonly service: string;
  readonly uptimeSeconds: number;
  readonly sources: Readonly<Record<string, { readonly ok: boolean; readonly affects: string; readonly detail?: string }>>;
}

const CHECK_TIMEOUT_MS = 2_000;
/** Health is open to everybody, checks may ask the database: one answer is shared for this long. */
const SHARED_MS = 500;

/** The sources of a service. Injectable: a module adds its own with `health.add(source)`. */
export class Health {
  readonly #sources: HealthSource[] = [];
  #draining = false;
  #refusing = false;
  #started = false;
  #shared: { readonly at: number; readonly report: Promise<HealthReport> } | undefined;

  constructor(
    private readonly service: string,
    private readonly now: () => number = Date.now,
  ) {}

  add(...sources: readonly HealthSource[]): void {
    this.#sources.push(...sources);
  }

  /** The service serves from now on. */
  started(): void {
    this.#started = true;
    this.#shared = undefined;
  }

  /** Not ready from now on, for good: the process is ending. */
  drain(): void {
    this.#draining = true;
    this.#shared = undefined;
  }

  /** From now on requests are refused. */
  refuse(): void {
    this.#refusing = true;
  }

  get draining(): boolean {
    return this.#draining;
  }

  get refusing(): boolean {
    return this.#refusing;
  }

  /** The process works: no source that only a restart mends has failed. */
  async live(): Promise<boolean> {
    const { sources } = await this.report();
    return Object.values(sources).every((source) => source.ok || source.affects !== 'live');
  }

  report(): Promise<HealthReport> {
    const now = this.now();
    if (this.#shared !== undefined && now - this.#shared.at < SHARED_MS) return this.#shared.report;
    const report = this.#ask();
    this.#shared = { at: now, report };
    return report;
  }

  async #ask(): Promise<HealthReport> {
    const states = await Promise.all(this.#sources.map(async (source) => [source, await ask(source)] as const));
    const failed = states.filter(([, state]) => !state.ok);
    const blocked = !this.#started || this.#draining || failed.some(([source]) => (source.affects ?? 'ready') !== 'degraded');
    return {
      status: blocked ? 'not-ready' : failed.length > 0 ? 'degraded' : 'ok',
      service: this.service,
      uptimeSeconds: Math.floor(process.uptime()),
      sources: Object.fromEntries([
        ...states.map(([source, state]) => [source.name, { ...state, affects: source.affects ?? 'ready' }] as const),
        ...(this.#draining ? [['shutdown', { ok: false, affects: 'ready', detail: 'stopping' }] as const] : []),
        ...(this.#started ? [] : [['start', { ok: false, affects: 'ready', detail: 'starting' }] as const]),
      ]),
    };
  }
}

const ask = async (source: HealthSource): Promise<HealthState> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<HealthState>((resolve) => {
    timer = setTimeout(resolve, CHECK_TIMEOUT_MS, { ok: false, detail: `no answer within ${CHECK_TIMEOUT_MS / 1_000} s` });
  });
  try {
    return await Promise.race([source.check(), late]);
  } catch {
    // The error itself may name hosts and users.
    return { ok: false, detail: 'check failed' };
  } finally {
    clearTimeout(timer);
  }
};

/** The answers of `/health/live` and `/health/ready`, for whichever server gives them. */
export const healthAnswer = async (
  health: Health,
  path: string,
): Promise<{ readonly status: number; readonly body: object } | undefined> => {
  if (path === '/health/live') {
    const live = await health.live();
    return { status: live ? 200 : 503, body: { status: live ? 'ok' : 'dead' } };
  }
  if (path !== '/health/ready') return undefined;
  const report = await health.report();
  return { status: report.status === 'not-ready' ? 503 : 200, body: report };
};
