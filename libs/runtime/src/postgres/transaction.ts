import type { PoolClient } from 'pg';
import { RuntimeError } from '../errors.js';
import { runPipeline, type Statement, type StatementResult, type Statements } from './pipeline.js';

/** Rows come back as pg parses them: bigint as string, jsonb as value. */
export interface Queryable {
  query<Row = Record<string, unknown>>(sql: string, parameters?: readonly unknown[]): Promise<{ rows: Row[]; affected: number }>;
}

/** A transaction. Statements asked for in one turn of the event loop (`Promise.all`) travel together, in their order, and none runs after one that failed. */
export interface Tx extends Queryable {
  /**
   * A write that nobody waits for: it travels with the next query or with the commit. If SQL refuses it, the transaction fails with that.
   * @param then told of its result once it is there, at the commit's return at the latest
   */
  send(sql: string, parameters?: readonly unknown[], then?: (result: StatementResult) => void): void;
}

interface Waiting extends Statement {
  readonly resolve?: (result: StatementResult) => void;
  readonly reject?: (error: unknown) => void;
}

/**
 * Statements between BEGIN and COMMIT in as few round trips as their results are needed: BEGIN goes with the first question, the writes with COMMIT.
 * A transaction of ten statements takes two or three.
 */
export class Transaction implements Tx {
  private waiting: Waiting[] = [{ sql: 'begin' }];
  private begun = false;
  private failed: { readonly error: unknown } | undefined;
  private scheduled: Promise<void> | undefined;
  private over = false;

  constructor(
    private readonly client: PoolClient,
    private readonly statements: Statements,
  ) {}

  query<Row = Record<string, unknown>>(sql: string, parameters?: readonly unknown[]): Promise<{ rows: Row[]; affected: number }> {
    return new Promise<StatementResult>((resolve, reject) => {
      this.waiting.push({ sql, parameters, resolve, reject });
      this.scheduled ??= Promise.resolve().then(() => this.flush());
    }) as Promise<{ rows: Row[]; affected: number }>;
  }

  send(sql: string, parameters?: readonly unknown[], then?: (result: StatementResult) => void): void {
    this.waiting.push({ sql, parameters, ...(then && { resolve: then }) });
  }

  /** Sends what waits. @throws what SQL said of any statement of this transaction so far */
  async settle(): Promise<void> {
    await this.flush();
    if (this.failed !== undefined) throw this.failed.error;
  }

  /** @throws what SQL said of any statement of this transaction, COMMIT included */
  async commit(): Promise<void> {
    // Nothing was asked for or written: nothing has gone to the server.
    if (this.begun || this.waiting.length > 1) {
      this.send('commit');
      await this.settle();
    }
    this.over = true;
  }

  /** @throws when the connection is gone */
  async rollback(): Promise<void> {
    await this.scheduled;
    this.over = true;
    if (this.begun) await this.client.query('rollback');
  }

  private async flush(): Promise<void> {
    this.scheduled = undefined;
    const group = this.waiting;
    this.waiting = [];
    if (group.length === 0) return;
    try {
      if (this.failed !== undefined) throw this.failed.error;
      // Asked by somebody who went on after another's failure: the connection may be in other hands.
      if (this.over) throw new RuntimeError('transaction-over', 'the transaction has ended');
      this.begun = true;
      const results = await runPipeline(this.client, this.statements, group);
      for (const [i, { resolve }] of group.entries()) resolve?.(results[i] ?? { rows: [], affected: 0 });
    } catch (error) {
      this.failed ??= { error };
      for (const { reject } of group) reject?.(this.failed.error);
    }
  }
}
