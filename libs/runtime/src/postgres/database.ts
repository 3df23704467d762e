import type { Pool, PoolClient } from 'pg';
import { DataSource, type EntitySchema, type MigrationInterface } from 'typeorm';
import { RuntimeError } from '../errors.js';
import { RuntimeCauses1764600000000 } from './migrations/runtime-causes.js';
import { RuntimeUnheard1764700000000 } from './migrations/runtime-unheard.js';
import { RuntimeDiscarded1764200000000 } from './migrations/runtime-discarded.js';
import { RuntimeEmptied1764500000000 } from './migrations/runtime-emptied.js';
import { RuntimeFence1763800000000 } from './migrations/runtime-fence.js';
import { RuntimeJson1763900000000 } from './migrations/runtime-json.js';
import { RuntimeKept1764300000000 } from './migrations/runtime-kept.js';
import { RuntimeNotices1764000000000 } from './migrations/runtime-notices.js';
import { RuntimeRestoration1764400000000 } from './migrations/runtime-restoration.js';
import { RuntimeTables1700000000000 } from './migrations/runtime-tables.js';
import { runPipeline, Statements } from './pipeline.js';
import { sqlVerdict } from './sql-errors.js';
import { Transaction, type Tx } from './transaction.js';

type Constructor = new (...args: never[]) => unknown;

export interface DatabaseOptions {
  /** Runtime role: may read and write its own schema, nothing else. */
  readonly url: string;
  /** Owner of the schema's tables; used while migrating and then let go. */
  readonly migratorUrl: string;
  readonly schema: string;
  readonly migrations: readonly (new () => MigrationInterface)[];
  readonly entities: readonly (Constructor | EntitySchema)[];
  readonly poolSize?: number;
  readonly applicationName: string;
}

/** Ends a transaction that a frozen process left open, so that its row locks don't outlive it. Values in milliseconds. */
const SESSION = {
  idle_in_transaction_session_timeout: 10_000,
  lock_timeout: 5_000,
  transaction_timeout: 30_000,
  statement_timeout: 30_000,
};

/**
 * A service's own schema. TypeORM holds the pool, the migrations and the reading entities; the hot path is SQL written by hand,
 * because `save()` costs a SELECT before each write and a row at a time.
 */
export class Database {
  private readonly statements = new Statements();

  private constructor(readonly source: DataSource) {}

  /** Migrates under an advisory lock (replicas start together), then opens the runtime role's pool. */
  static async open(options: DatabaseOptions): Promise<Database> {
    await migrate(options);
    const source = new DataSource({
      type: 'postgres',
      url: options.url,
      schema: options.schema,
      entities: [...options.entities],
      poolSize: options.poolSize ?? 8,
      applicationName: options.applicationName,
      poolErrorHandler: () => undefined, // an idle connection was ended; the pool opens another when one is needed
      extra: {
        connectionTimeoutMillis: 5_000,
        keepAlive: true,
        options: [`-c search_path=${options.schema}`, ...Object.entries(SESSION).map(([name, ms]) => `-c ${name}=${ms}`)].join(' '),
      },
      logging: false,
      installExtensions: false,
    });
    await source.initialize();
    // The pool hands a new connection over without a listener, and its owner has one a moment later. An end that comes in one piece with the word that the
    // connection is there falls in between, and an error nobody listens to ends the process. Whoever uses the connection finds out.
    poolOf(source)?.on('connect', (client) => client.on('error', () => undefined));
    return new Database(source);
  }

  /**
   * Runs `work` in a transaction. Any throw rolls back; a connection found broken is not given back to the pool.
   * @param dryRun lets SQL judge the writes and rolls back
   */
  async transaction<T>(work: (tx: Tx) => Promise<T>, dryRun = false): Promise<T> {
    return this.connected(async (client) => {
      const tx = new Transaction(client, this.statements);
      try {
        const value = await work(tx);
        if (dryRun) {
          await tx.settle();
          await tx.rollback();
        } else await tx.commit();
        return value;
      } catch (error) {
        // A rollback on a dead connection fails too; the first error is the one that says why.
        await tx.rollback().catch(() => undefined);
        throw error;
      }
    });
  }

  /** A single statement outside a transaction. */
  async query<Row = Record<string, unknown>>(sql: string, parameters?: readonly unknown[]): Promise<{ rows: Row[]; affected: number }> {
    const [result] = await this.connected((client) => runPipeline(client, this.statements, [{ sql, parameters }]));
    return { rows: (result?.rows ?? []) as Row[], affected: result?.affected ?? 0 };
  }

  async close(): Promise<void> {
    if (this.source.isInitialized) await this.source.destroy();
  }

  /** With a connection of TypeORM's pool, but without its query runner: that one costs a message of its own per statement. */
  private async connected<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const pool = poolOf(this.source);
    if (pool === undefined) throw new RuntimeError('database-unavailable', 'database: closed');
    let broken: Error | undefined;
    const noteBroken = (error: Error): void => void (broken = error);
    let client: PoolClient | undefined;
    try {
      client = await pool.connect();
      client.on('error', noteBroken);
      return await work(client);
    } catch (error) {
      throw named(error);
    } finally {
      client?.off('error', noteBroken);
      client?.release(broken);
    }
  }
}

const poolOf = (source: DataSource): Pool | undefined => (source.driver as unknown as { readonly master?: Pool }).master;

/** An outage by its name, anything else as it came. */
const named = (error: unknown): unknown =>
  sqlVerdict(error) === 'transient' && !(error instanceof RuntimeError)
    ? new RuntimeError('database-unavailable', `database: ${error instanceof Error ? error.message : String(error)}`, {}, { cause: error })
    : error;

async function migrate(options: DatabaseOptions): Promise<void> {
  const source = new DataSource({
    type: 'postgres',
    url: options.migratorUrl,
    schema: options.schema,
    migrations: [
      RuntimeTables1700000000000,
      RuntimeFence1763800000000,
      RuntimeJson1763900000000,
      RuntimeNotices1764000000000,
      RuntimeDiscarded1764200000000,
      RuntimeKept1764300000000,
      RuntimeRestoration1764400000000,
      RuntimeEmptied1764500000000,
      RuntimeCauses1764600000000,
      RuntimeUnheard1764700000000,
      ...options.migrations,
    ],
    migrationsTableName: 'migration',
    poolSize: 2,
    applicationName: `${options.applicationName}-migrator`,
    extra: { options: `-c search_path=${options.schema}`, connectionTimeoutMillis: 5_000 },
    logging: false,
    installExtensions: false,
  });
  await source.initialize();
  try {
    const lock = source.createQueryRunner();
    try {
      await lock.query(`select pg_advisory_lock(hashtext('paidan-migrate:' || $1))`, [options.schema]);
      await source.runMigrations({ transaction: 'each' });
      await lock.query(`select pg_advisory_unlock(hashtext('paidan-migrate:' || $1))`, [options.schema]);
    } finally {
      await lock.release();
    }
  } finally {
    await source.destroy();
  }
}
