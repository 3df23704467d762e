export { acceleratedClock, manualClock, systemClock, type Acceleration, type Clock, type ManualClock } from './clock.js';
export { Fenced, RUNTIME_ERRORS, RuntimeError, type RuntimeErrorCode } from './errors.js';
export { GroupCommit, type GroupCommitOptions } from './group-commit.js';
export { LogClient, sendFailure, type LogClientOptions, type OutgoingMessage, type TopicMessages } from './kafka/kafkajs.js';
export type { TakenLog } from './kafka/lost-log.js';
export type { LogBatch, LogRecord, Slice } from './kafka/log-record.js';
export { decodeHeard } from './kafka/ticket-event.js';
export { noLog, noMetrics, type Log, type Metrics } from './metrics.js';
export { LogHandler, LogTransport, PassErrors, readingElsewhere, readingGeneration, type RuntimeLike } from './nest/log-transport.js';
export { Database, type DatabaseOptions } from './postgres/database.js';
export type { Queryable, Tx } from './postgres/transaction.js';
export { Rows, type Column } from './postgres/rows.js';
export { sqlCode, sqlVerdict, type SqlVerdict } from './postgres/sql-errors.js';
export type { SaidAgain } from './outbox/kept.js';
export type { DiscardOrder } from './parking/discard.js';
export { standingOf, type DiscardedRecord, type ParkedTicket, type TicketStanding } from './parking/look.js';
export { Parking, type DiscardResult, type ReplayResult } from './parking/parking.js';
export { countQuarantined, quarantined, quarantinedAt, type Place, type QuarantinedRecord } from './parking/quarantine.js';
export type { RecordShown, WaitingShown } from './parking/show-record.js';
export {
  RetryLater,
  type Actor,
  type Command,
  type Context,
  type Decide,
  type Decision,
  type FiredTimer,
  type Message,
  type NewEvent,
  type Notice,
  type Outcome,
  type TimerChange,
} from './reactor/decision.js';
export { freshRandom } from './random.js';
export { lossOf } from './restore/losses.js';
export type { Recall } from './restore/recall.js';
export type { RestorationShown } from './restore/restoration.js';
export type { Retold } from './restore/retold.js';
export { foldMessage, foldTimer, type Step } from './reactor/fold.js';
export { Reactor } from './reactor/reactor.js';
export { newRow, type TicketRow } from './reactor/row.js';
export { saidIn, type Change, type Loss, type RuntimeParts, type ServiceDefinition } from './reactor/service.js';
export { addWork, type Decode, type Decoded, type Item, type Work } from './reactor/work.js';
export { type Plan, type Result } from './reactor/transactor.js';
export { Runtime, type RuntimeOptions, type SourceOptions } from './runtime.js';
export { currentTraceparent } from './tracing.js';
