import { parseClock, SYSTEM_CLOCK } from './clock.js';
import { env, type ConfigOf, type CrossCheck } from './config.js';

/** Levels of pino, quietest last. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** What every service reads; it goes into the service's own spec: `loadConfig({ ...hostSettings({ port: 7101, metricsPort: 7201 }), … })`. */
export const hostSettings = (ports: { readonly port: number; readonly metricsPort: number }) => ({
  host: env.string('PAIDAN_HOST', { default: '0.0.0.0', describe: 'address to listen on' }),
  port: env.int('PAIDAN_PORT', { default: ports.port, min: 0, max: 65_535, describe: 'HTTP port; 0 takes a free one' }),
  metricsPort: env.int('PAIDAN_METRICS_PORT', {
    default: ports.metricsPort,
    min: 0,
    max: 65_535,
    describe: 'port of `/metrics` and `/health/*`',
  }),
  bodyLimit: env.int('PAIDAN_BODY_LIMIT', {
    default: 1_048_576,
    min: 1_024,
    max: 67_108_864,
    describe: 'bytes of a request body; more is 413',
  }),
  trustProxy: env.list('PAIDAN_TRUST_PROXY', {
    optional: true,
    describe: 'addresses or networks of proxies whose `X-Forwarded-*` headers are believed',
  }),
  logLevel: env.oneOf('PAIDAN_LOG_LEVEL', LOG_LEVELS, { default: 'info', describe: 'requests are logged at `debug`' }),
  otlpUrl: env.url('PAIDAN_OTLP_URL', {
    optional: true,
    describe: 'OTLP/HTTP endpoint for traces, like `http://collector:4318/v1/traces`; without it tracing is off and costs nothing',
  }),
  traceRatio: env.number('PAIDAN_TRACE_RATIO', {
    default: 1,
    min: 0,
    max: 1,
    describe: 'share of traces begun here that are recorded; a caller that sends `traceparent` decides for its own',
  }),
  apiKeysFile: env.file('PAIDAN_API_KEYS_FILE', {
    optional: true,
    describe: 'JSON file of channel keys (SHA-256); re-read when it changes',
  }),
  jwksFile: env.file('PAIDAN_JWKS_FILE', {
    optional: true,
    describe: 'JSON Web Key Set that signs people’s tokens; re-read when it changes',
  }),
  jwksUrl: env.url('PAIDAN_JWKS_URL', { optional: true, describe: 'the same from an identity provider' }),
  revokedTokensFile: env.file('PAIDAN_REVOKED_TOKENS_FILE', {
    optional: true,
    describe: 'JSON file of tokens (`jti`) that are taken back before they expire; re-read when it changes',
  }),
  jwtIssuer: env.string('PAIDAN_JWT_ISSUER', { default: 'paidan', describe: '`iss` a token must carry' }),
  jwtAudience: env.string('PAIDAN_JWT_AUDIENCE', { default: 'paidan', describe: '`aud` a token must carry' }),
  jwtClockTolerance: env.duration('PAIDAN_JWT_CLOCK_TOLERANCE', {
    default: '30s',
    max: '10m',
    describe: 'how far the clocks of issuer and service may differ',
  }),
  clock: env.parsed('PAIDAN_CLOCK', parseClock, {
    kind: `${SYSTEM_CLOCK} \\| JSON`,
    default: SYSTEM_CLOCK,
    describe:
      'for demonstrations: `{"from":"2026-03-02T09:00:00+08:00","anchor":<epoch ms of real time>,"factor":8640}` shows `from` at the anchor and runs so many times as fast; the same for all services',
  }),
  shutdownDelay: env.duration('PAIDAN_SHUTDOWN_DELAY', {
    default: '0s',
    max: '5m',
    describe: 'after SIGTERM the service is not ready but still serves for so long, until load balancers have noticed',
  }),
  shutdownTimeout: env.duration('PAIDAN_SHUTDOWN_TIMEOUT', {
    default: '20s',
    min: '1s',
    max: '10m',
    describe: 'time to finish open requests and batches before the process ends itself',
  }),
});

export type HostSettings = ReturnType<typeof hostSettings>;
export type HostConfig = ConfigOf<HostSettings>;

/** Goes into the `checks` of {@link loadConfig} next to the service's own. */
export const hostChecks: readonly CrossCheck<HostSettings>[] = [
  {
    of: ['jwksFile', 'jwksUrl'],
    problem: (c) => (c.jwksFile !== undefined && c.jwksUrl !== undefined ? 'set one of them, not both' : undefined),
  },
  {
    of: ['port', 'metricsPort'],
    problem: (c) => (c.port !== 0 && c.port === c.metricsPort ? 'must be two different ports' : undefined),
  },
];
