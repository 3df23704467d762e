/** Where a server came from. */
export const infraKinds = ['environment', 'docker', 'embedded'] as const;
export type InfraKind = (typeof infraKinds)[number];

/** A server that was started here, so that it can be stopped, broken and brought back here. */
export interface ServerHandle {
  /** Process id of an embedded server; for a container there is none on this side. */
  readonly pid: number | undefined;
  readonly port: number;
  /** Orderly end; the data stays. */
  stop(): Promise<void>;
  /** Sends a signal at once, without waiting for what follows. SIGSTOP and SIGCONT reach the whole server, its workers too. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Ends it if it still runs, then starts it on the same port and data and waits until it answers. */
  restart(): Promise<void>;
  /** Called once with the reason when the server ends without having been told to. */
  onUnexpectedExit(listener: (reason: string) => void): void;
}

/** A Postgres and a Kafka that answer. */
export interface Infra {
  /** As superuser, database `postgres`. */
  readonly postgresUrl: string;
  readonly brokers: readonly string[];
  readonly dataDir: string;
  readonly kind: { readonly postgres: InfraKind; readonly kafka: InfraKind };
  /** One line per server: what was chosen and why. */
  readonly why: readonly string[];
  /** Absent when the environment named the server: then it isn't ours to stop. */
  readonly postgres?: ServerHandle;
  readonly kafka?: ServerHandle;
  /** Kafka first, then Postgres; each with a bounded wait. Removes the data if it was ephemeral. */
  stop(): Promise<void>;
}

export interface StartInfraOptions {
  /** Data, logs and secrets. Default: a folder of its own under the system's temporary one when `ephemeral`, else `.data` of the checkout. */
  readonly dataDir?: string;
  /** Ports to listen on; 0 or absent means any free one. */
  readonly ports?: { readonly postgres?: number; readonly kafka?: number };
  /** The data goes when the servers stop. */
  readonly ephemeral?: boolean;
  /** Slow steps say a line here. */
  readonly onProgress?: (line: string) => void;
  /** Read for PAIDAN_POSTGRES_URL, PAIDAN_KAFKA_BROKERS and PAIDAN_INFRA (`docker` or `embedded` leaves no other choice). */
  readonly env?: NodeJS.ProcessEnv;
}

/** What every way of starting a server is told. */
export interface ServerOptions {
  readonly dataDir: string;
  readonly port: number;
  readonly ephemeral: boolean;
  readonly onProgress: (line: string) => void;
}

export interface StartedPostgres {
  readonly url: string;
  readonly handle: ServerHandle;
}

export interface StartedKafka {
  readonly brokers: readonly string[];
  readonly handle: ServerHandle;
}
