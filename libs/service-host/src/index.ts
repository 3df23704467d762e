export { AccessGuard } from './auth/access-guard.js';
export { accessOf, assertChannel, Channel, CurrentCaller, onlyUnitOf, Public, Roles, unitOf, type Access } from './auth/access.js';
export { ApiKeys, type ApiKeyEntry } from './auth/api-keys.js';
export { isRole, ROLES, type Caller, type ChannelCaller, type PersonCaller, type Role } from './auth/caller.js';
export { JWT_ALGORITHMS, JwtVerifier, type JwtOptions } from './auth/jwt.js';
export { mintApiKey, mintSigningKey, mintToken, type TokenClaims } from './auth/mint.js';
export { RevokedTokens, type RevokedToken } from './auth/revoked-tokens.js';
export { WatchedFile, type WatchedFileOptions } from './auth/watched-file.js';
export { LOGGER, openApiDocument, startService, type RunningService, type ServiceOptions } from './bootstrap.js';
export { loadCalendarFiles, type CalendarFileProblem, type LoadedYears } from './calendar-files.js';
export { calendarDirOf, calendarSettings } from './calendar-settings.js';
export { describeConfig, env, loadConfig, parseDuration, Secret, type ConfigOf, type CrossCheck, type Field, type Spec } from './config.js';
export { csvLines, type CsvLine } from './csv-lines.js';
export { hostError } from './errors.js';
export { Health, type HealthReport, type HealthSource, type HealthState } from './health.js';
export { hostChecks, hostSettings, LOG_LEVELS, type HostConfig, type HostSettings } from './host-config.js';
export { BodyLimit } from './http/body-limit.js';
export { FilledIn } from './http/filled-in.js';
export { Refuses } from './http/refusals.js';
export { ShapePipe } from './http/shape-pipe.js';
export { TicketId, TicketParams } from './http/ticket-params.js';
export { createLogger, NestLogger, type Logger, type LoggerOptions } from './logging/logger.js';
export { safeError, scrub, scrubText, type SafeError } from './logging/scrub.js';
export { DURATION_BUCKETS, Metrics } from './metrics.js';
export { OPERATED_RUNTIME, type OperatedRuntime } from './operators/operated-runtime.js';
export { OPERATORS_CONTROLLERS } from './operators/operators.js';
export { RetoldShape } from './operators/shapes.js';
export { HOST_PROBLEMS, type ProblemCatalogue, type ProblemKind } from './problems/catalogue.js';
export { isDomainError, problemOf, type DomainError, type Problem } from './problems/problem.js';
export { runService } from './process.js';
export { runtimeServers, runtimeSettings, ticketsLogSettings } from './runtime-config.js';
export { runtimeHealth, runtimeMetrics, type RuntimeHealth } from './runtime-parts.js';
export {
  createSealer,
  loadContactKeys,
  loadContentKeys,
  loadSealer,
  type ContactKeys,
  type Sealed,
  type Sealer,
  type SealingKeys,
} from './sealing.js';
export {
  currentTraceparent,
  parseTraceparent,
  remoteParent,
  startTracing,
  withRemoteParent,
  type Tracing,
  type TracingOptions,
} from './tracing.js';
