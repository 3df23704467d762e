import { RuntimeError } from '../errors.js';
import type { Database } from '../postgres/database.js';
import type { LogClient } from './kafkajs.js';

/**
 * How long a look is trusted: a Kafka that is replaced, with its topics, in less may be sent what is said in that time; it is said again with the rest.
 * Once a log has been held for longer, no replica sends to it.
 */
export const TRUSTED_MS = 5_000;

export interface ClusterRow {
  readonly cluster_id: string;
  /** For how long it has been held; null while it isn't. */
  readonly held_ms: string | null;
  /** How often it was held. */
  readonly holds: number;
}

/**
 * The Kafka that a schema belongs to. Nothing is sent to another: readers that are behind would hear the newest word first, and take what they missed for
 * old when it is said again.
 */
export class KnownCluster {
  private checkedAt = 0;
  private holds = 0;

  constructor(
    private readonly parts: { readonly database: Database; readonly client: LogClient },
    /** Nothing is said by a schema that is older than what was said. @throws RuntimeError `restoring`, `log-unavailable` */
    private readonly requireCurrent: () => Promise<void> = () => Promise.resolve(),
  ) {}

  /** Something failed or was changed: the next check looks. */
  doubt(): void {
    this.checkedAt = 0;
  }

  /**
   * @returns how often the log was held: what was sent before the last time may not be there
   * @throws RuntimeError `cluster-changed`, `log-held`, `restoring`
   */
  async check(): Promise<number> {
    if (Date.now() - this.checkedAt < TRUSTED_MS) return this.holds;
    await this.requireCurrent();
    const { cluster, kept } = await this.look();
    if (kept.held_ms !== null) throw new RuntimeError('log-held', 'an operator holds what is said until what was lost is said again');
    if (kept.cluster_id !== cluster)
      throw new RuntimeError('cluster-changed', `this is Kafka cluster ${cluster}, and this schema belongs to ${kept.cluster_id}`, {
        keptCluster: kept.cluster_id,
        cluster,
      });
    this.checkedAt = Date.now();
    this.holds = kept.holds;
    return kept.holds;
  }

  /** @throws RuntimeError `log-unavailable` */
  async look(): Promise<{ readonly cluster: string; readonly kept: ClusterRow }> {
    const { client, database } = this.parts;
    const cluster = await client.clusterId().catch((cause: unknown) => {
      throw new RuntimeError('log-unavailable', 'Kafka does not answer', {}, { cause });
    });
    const read = (): Promise<{ rows: ClusterRow[] }> =>
      database.query<ClusterRow>('select cluster_id, extract(epoch from now() - held_since) * 1000 as held_ms, holds from log_cluster');
    let [kept] = (await read()).rows;
    if (kept === undefined) {
      // Positions kept by an earlier release know it; else it is the first that answers.
      await database.query(
        'insert into log_cluster (cluster_id) select coalesce((select min(cluster_id) from log_position), $1) on conflict do nothing',
        [cluster],
      );
      [kept] = (await read()).rows;
    }
    if (kept === undefined) throw new RuntimeError('database-unavailable', 'no row for the cluster');
    return { cluster, kept };
  }
}
