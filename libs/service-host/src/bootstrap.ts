import 'reflect-metadata';
import { Module, type DynamicModule, type INestApplication, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { SpanExporter } from '@opentelemetry/sdk-trace-node';
import type { FastifyInstance } from 'fastify';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { isShape } from '@paidan/contracts';
import { systemClock } from '@paidan/runtime';
import { AccessGuard } from './auth/access-guard.js';
import { ApiKeys } from './auth/api-keys.js';
import { JwtVerifier } from './auth/jwt.js';
import { RevokedTokens } from './auth/revoked-tokens.js';
import { hostError } from './errors.js';
import { Health, type HealthSource } from './health.js';
import type { HostConfig } from './host-config.js';
import { createAdapter } from './http/adapter.js';
import { KnownRoutes } from './http/known-routes.js';
import { addOpenPages } from './http/pages.js';
import { routesOf } from './http/routes.js';
import { ShapePipe } from './http/shape-pipe.js';
import { createLogger, NestLogger, type Logger } from './logging/logger.js';
import { Metrics } from './metrics.js';
import { buildOpenApi } from './openapi.js';
import { startOpsServer } from './ops-server.js';
import { HOST_PROBLEMS, type ProblemCatalogue } from './problems/catalogue.js';
import { ProblemFilter } from './problems/problem-filter.js';
import { startTracing } from './tracing.js';

/** Injection token of the service's pino logger. */
export const LOGGER = Symbol('paidan:logger');

export interface ServiceOptions {
  /** As in the topics and the metrics: `intake`. */
  readonly name: string;
  readonly module: Type | DynamicModule;
  readonly config: HostConfig;
  readonly version?: string;
  readonly description?: string;
  /** Titles for the codes of the service's own errors. */
  readonly problems?: ProblemCatalogue;
  /** Sources that live in the application. A module can also inject {@link Health} and add its own. */
  readonly health?: (app: INestApplication) => readonly HealthSource[];
  /** Transports to run next to HTTP, started last: what they deliver finds everything up. */
  readonly strategies?: (app: INestApplication) => readonly CustomTransportStrategy[];
  readonly logger?: Logger;
  /** Takes the spans in place of OTLP, in tests. */
  readonly exporter?: SpanExporter;
}

export interface RunningService {
  readonly app: INestApplication;
  readonly logger: Logger;
  readonly health: Health;
  readonly url: string;
  readonly port: number;
  readonly metricsPort: number;
  /**
   * Ends in order: not ready (for `shutdownDelay`) → HTTP drains → transports close → `onApplicationShutdown` hooks → metrics and traces.
   * Bounded by `shutdownTimeout`, then it rejects.
   */
  stop(signal?: string): Promise<void>;
}

@Module({})
class HostModule {
  static around(module: ServiceOptions['module'], host: { metrics: Metrics; health: Health; logger: Logger }): DynamicModule {
    const providers = [
      { provide: Metrics, useValue: host.metrics },
      { provide: Health, useValue: host.health },
      { provide: LOGGER, useValue: host.logger },
    ];
    return { module: HostModule, global: true, imports: [module], providers, exports: providers };
  }
}

/** Starts a service: everything up and ready when the promise resolves, everything closed again when it rejects. */
export const startService = async (options: ServiceOptions): Promise<RunningService> => {
  const { name, config } = options;
  const closing: (() => unknown)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  try {
    const logger = options.logger ?? createLogger({ service: name, level: config.logLevel });
    const { clock } = config;
    if (clock !== systemClock)
      logger.warn({ shows: new Date(clock.now()).toISOString(), factor: clock.factor }, 'time is not that of the system (PAIDAN_CLOCK)');
    const { exporter } = options;
    const tracing = await startTracing({ service: name, url: config.otlpUrl, ratio: config.traceRatio, ...(exporter ? { exporter } : {}) });
    closing.push(() => tracing.stop());
    const metrics = new Metrics(name);
    const health = new Health(name);
    // Before the application: while migrations run in its hooks, the process says that it lives and is not ready.
    const ops = await startOpsServer({ host: config.host, port: config.metricsPort, metrics, health });
    closing.push(() => ops.close());
    const { apiKeys, tokens, revoked } = callers(config, logger);
    for (const file of [apiKeys?.file, tokens?.file, revoked?.file]) {
      if (file === undefined) continue;
      health.add(file);
      closing.push(() => file.close());
    }

    const { app, fastify } = await createApp(options, { metrics, health, logger, tracing: tracing.on, apiKeys, tokens });
    closing.push(() => app.close());
    const strategies = options.strategies?.(app) ?? [];
    for (const strategy of strategies) app.connectMicroservice({ strategy }, { inheritAppConfig: false });
    await app.init();
    checkRoutes(app, logger);
    health.add(...(options.health?.(app) ?? []));
    await app.listen(config.port, config.host);
    if (strategies.length > 0) await app.startAllMicroservices();
    health.started();

    const { port } = fastify.server.address() as AddressInfo;
    logger.info({ port, metricsPort: ops.port }, `${name} is up`);
    const running = {
      app,
      logger,
      health,
      port,
      metricsPort: ops.port,
      url: `http://${config.host === '0.0.0.0' ? '127.0.0.1' : config.host}:${port}`,
    };
    let stopped: Promise<void> | undefined;
    const stop = async (signal?: string): Promise<void> => {
      logger.info({ signal }, `${name} is stopping`);
      health.drain();
      await sleep(config.shutdownDelay);
      health.refuse();
      // A connection that was busy when the server closed stays open for keep-alive after its answer, 72 s long.
      const idle = setInterval(() => fastify.server.closeIdleConnections(), 50).unref();
      await within(
        config.shutdownTimeout,
        closeAll().finally(() => clearInterval(idle)),
      );
      logger.info(`${name} has stopped`);
    };
    return { ...running, stop: (signal) => (stopped ??= stop(signal)) };
  } catch (error) {
    await closeAll().catch(() => undefined);
    throw error;
  }
};

/** The OpenAPI document without listening, connecting or even creating a provider: for the drift check. */
export const openApiDocument = async (
  options: Pick<ServiceOptions, 'name' | 'module' | 'version' | 'description' | 'problems'>,
): Promise<OpenAPIObject> => {
  const routes = new KnownRoutes();
  const logger = createLogger({ service: options.name, level: 'silent' });
  const [metrics, health] = [new Metrics(options.name), new Health(options.name)];
  const adapter = createAdapter({
    bodyLimit: 1,
    trustProxy: undefined,
    health,
    metrics,
    logger,
    routes,
    problems: HOST_PROBLEMS,
    tracing: false,
  });
  const module = HostModule.around(options.module, { metrics, health, logger });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { logger: false, preview: true, abortOnError: false });
  return openApiOf(app, options);
};

const openApiOf = (app: INestApplication, options: Pick<ServiceOptions, 'name' | 'version' | 'description' | 'problems'>): OpenAPIObject =>
  buildOpenApi(app, {
    title: `Paidan ${options.name}`,
    description: options.description,
    version: options.version ?? '0.1.0',
    problems: { ...HOST_PROBLEMS, ...options.problems },
  });

const callers = (config: HostConfig, logger: Logger) => {
  const { apiKeysFile, jwksFile, jwksUrl, revokedTokensFile } = config;
  const revoked = revokedTokensFile === undefined ? undefined : new RevokedTokens({ path: revokedTokensFile, logger });
  const keySet = jwksFile !== undefined ? { file: jwksFile } : jwksUrl !== undefined ? { url: jwksUrl } : undefined;
  return {
    revoked,
    apiKeys: apiKeysFile === undefined ? undefined : new ApiKeys({ path: apiKeysFile, logger }),
    tokens:
      keySet === undefined
        ? undefined
        : new JwtVerifier({
            keySet,
            issuer: config.jwtIssuer,
            audience: config.jwtAudience,
            clockToleranceMs: config.jwtClockTolerance,
            revoked,
            logger,
          }),
  };
};

const createApp = async (
  options: ServiceOptions,
  host: {
    readonly metrics: Metrics;
    readonly health: Health;
    readonly logger: Logger;
    readonly tracing: boolean;
    readonly apiKeys: ApiKeys | undefined;
    readonly tokens: JwtVerifier | undefined;
  },
) => {
  const { config } = options;
  const { health, logger } = host;
  const routes = new KnownRoutes();
  const problems = { ...HOST_PROBLEMS, ...options.problems };
  const adapter = createAdapter({ ...host, bodyLimit: config.bodyLimit, trustProxy: config.trustProxy, routes, problems });
  const fastify = adapter.getInstance() as unknown as FastifyInstance;
  const app = await NestFactory.create<NestFastifyApplication>(HostModule.around(options.module, host), adapter, {
    logger: new NestLogger(logger),
    bodyParser: false,
    abortOnError: false,
    routeConflictPolicy: { duplicate: 'error' },
  });
  app.useGlobalFilters(new ProblemFilter(problems, routes, logger));
  app.useGlobalGuards(new AccessGuard(host.apiKeys, host.tokens, logger));
  app.useGlobalPipes(new ShapePipe());
  addOpenPages(fastify, { service: options.name, health, problems, openApi: () => openApiOf(app, options) });
  return { app, fastify };
};

/** Mistakes that would show at the first request: a body without a shape ends the start, a route open to nobody is named. */
const checkRoutes = (app: INestApplication, logger: Logger): void => {
  const routes = routesOf(app);
  const shapeless = routes.filter(({ body }) => body !== undefined && !isShape(body));
  if (shapeless.length > 0) {
    throw hostError(
      'start-failed',
      `bodies without a shape class: ${shapeless.map((route) => `${route.controller}.${route.method}`).join(', ')}`,
    );
  }
  const closed = routes.filter(({ access }) => access === undefined).map((route) => `${route.controller}.${route.method}`);
  if (closed.length > 0) logger.error({ routes: closed }, 'routes without @Public, @Channel or @Roles are refused');
};

const within = async (ms: number, work: Promise<void>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(hostError('shutdown-timeout', `not finished within ${ms} ms`)), ms);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};
