import type {
  DiscardedRecord,
  DiscardOrder,
  DiscardResult,
  Loss,
  ParkedTicket,
  ReplayResult,
  RestorationShown,
  Retold,
  SaidAgain,
  TakenLog,
  WaitingShown,
} from '@paidan/runtime';

/** What the operators' routes need of a runtime, whatever its record. */
export interface OperatedRuntime {
  readonly definition: { readonly service: string; readonly lost?: (database: OperatedRuntime['database']) => Promise<readonly Loss[]> };
  /** Of the schema: raised when it is restored from a back-up. */
  readonly epoch: number;
  readonly parking: {
    list(limit?: number): Promise<readonly ParkedTicket[]>;
    count(): Promise<number>;
    waiting(ticketId: string, limit?: number): Promise<{ readonly count: number; readonly records: readonly WaitingShown[] }>;
    discarded(ticketId: string): Promise<readonly DiscardedRecord[]>;
    replay(ticketId: string): Promise<ReplayResult>;
    discard(order: DiscardOrder): Promise<DiscardResult>;
  };
  readonly lostLog: {
    hold(): Promise<Date>;
    take(): Promise<TakenLog>;
    republish(since: number): Promise<SaidAgain>;
  };
  readonly restoration: {
    last(): Promise<RestorationShown | undefined>;
    takeHistory(retold: Retold): Promise<void>;
  };
  readonly database: { query<Row>(sql: string, parameters?: readonly unknown[]): Promise<{ rows: Row[]; affected: number }> };
}

/**
 * Injection token of {@link OperatedRuntime}; a service that takes the operators' controllers gives its runtime under it:
 * `{ provide: OPERATED_RUNTIME, useExisting: RUNTIME }`.
 */
export const OPERATED_RUNTIME = Symbol('paidan:operated-runtime');
