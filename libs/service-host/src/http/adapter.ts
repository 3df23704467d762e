import { context, propagation, SpanKind, SpanStatusCode, trace, type Context, type Span } from '@opentelemetry/api';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { hostError } from '../errors.js';
import type { Health } from '../health.js';
import type { Logger } from '../logging/logger.js';
import type { Metrics } from '../metrics.js';
import type { ProblemCatalogue } from '../problems/catalogue.js';
import { problemOf } from '../problems/problem.js';
import { sendProblem } from '../problems/send.js';
import { useBodyLimits } from './body-limit.js';
import type { KnownRoutes } from './known-routes.js';

export interface AdapterOptions {
  readonly bodyLimit: number;
  readonly trustProxy: readonly string[] | undefined;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly routes: KnownRoutes;
  readonly problems: ProblemCatalogue;
  readonly tracing: boolean;
}

/** An API answers data, not pages: nothing may be framed, sniffed, cached or fetched along with it. */
const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
} as const;

/** Addresses that are answered while the service drains. */
const ALWAYS = /^\/health\//;

const requestId = (raw: { headers: Record<string, string | string[] | undefined> }): string => {
  const given = raw.headers['x-request-id'];
  return typeof given === 'string' && /^[\w.:-]{1,64}$/.test(given) ? given : randomUUID();
};

/**
 * Fastify set up for an API of ours. What is done per request is done in Fastify's hooks and not in Nest's middleware and interceptors: an
 * interceptor wraps each request in observables.
 */
export const createAdapter = (options: AdapterOptions): FastifyAdapter => {
  const { bodyLimit, trustProxy, routes } = options;
  const adapter = new FastifyAdapter({
    bodyLimit,
    ...(trustProxy === undefined ? {} : { trustProxy: [...trustProxy] }),
    genReqId: requestId,
    requestIdHeader: false,
    logger: false,
    requestTimeout: 60_000,
    // What comes while we stop is answered by our own hook, as a problem document.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 200 },
    // A malformed address (400) or a parameter too long (414): the router answers before any hook or handler.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      void reply.headers({ ...SECURITY_HEADERS, 'x-request-id': request.id });
      sendProblem(reply, problemOf(error, options.problems, request.id));
    },
  });
  const fastify = adapter.getInstance() as unknown as FastifyInstance;
  routes.watch(fastify);
  useBodyLimits(fastify, bodyLimit);
  fastify.decorateRequest('caller', null);
  useJsonOnly(fastify);
  useHooks(fastify, options);
  if (options.tracing) useTracing(fastify);
  return adapter;
};

function useJsonOnly(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    // Fastify's own parser turns bytes that are not UTF-8 into U+FFFD: a text in GBK would be stored as rubbish, and nobody told.
    if (!isUtf8(body)) {
      done(hostError('malformed-text', 'the body is not valid UTF-8'));
      return;
    }
    void parse(request as FastifyRequest, body.toString('utf8'), (error, value) => {
      if (error === null) done(null, value);
      else done(hostError('malformed-json', whereOf(error, body)));
    });
  });
}

const whereOf = (error: Error, body: Buffer): string => {
  if (body.length === 0) return 'the body is empty';
  if (/prototype|constructor/.test(error.message)) return 'it has a forbidden key';
  try {
    JSON.parse(body.toString('utf8'));
  } catch (cause) {
    // The position alone: the rest of V8's message quotes the text.
    const position = cause instanceof SyntaxError ? /at position (\d+)/.exec(cause.message)?.[1] : undefined;
    if (position !== undefined) return `the error is at character ${position}`;
  }
  return 'it cannot be parsed';
};

function useHooks(fastify: FastifyInstance, { health, metrics, logger }: AdapterOptions): void {
  const observe = metrics.httpDuration();
  const logRequests = logger.isLevelEnabled('debug');
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers(SECURITY_HEADERS).header('x-request-id', request.id);
    if (!health.draining || ALWAYS.test(request.url)) {
      done();
      return;
    }
    void reply.header('connection', 'close');
    done(health.refusing ? hostError('shutting-down', 'this instance is stopping') : undefined);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    // The pattern, never the address: one series per ticket would be the end of any metrics store.
    const route = request.routeOptions.url ?? 'unknown';
    observe(request.method, route, reply.statusCode, reply.elapsedTime / 1_000);
    if (logRequests) {
      logger.debug(
        { requestId: request.id, method: request.method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime * 10) / 10 },
        'request',
      );
    }
    done();
  });
}

/** One server span per request; these hooks exist only while tracing is on. */
function useTracing(fastify: FastifyInstance): void {
  const tracer = trace.getTracer('@paidan/service-host');
  const spans = new WeakMap<FastifyRequest, { readonly span: Span; readonly context: Context }>();
  fastify.addHook('onRequest', (request, _reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    const parent = propagation.extract(context.active(), request.headers);
    const attributes = { 'http.request.method': request.method, 'http.route': route };
    const span = tracer.startSpan(`${request.method} ${route}`, { kind: SpanKind.SERVER, attributes }, parent);
    const active = trace.setSpan(parent, span);
    spans.set(request, { span, context: active });
    context.with(active, done);
  });
  // The body arrives in events of the socket, which know nothing of the context: it is entered once more before the handler.
  fastify.addHook('preValidation', (request, _reply, done) => {
    const known = spans.get(request);
    if (known === undefined) done();
    else context.with(known.context, done);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const known = spans.get(request);
    known?.span.setAttribute('http.response.status_code', reply.statusCode);
    if (reply.statusCode >= 500) known?.span.setStatus({ code: SpanStatusCode.ERROR });
    known?.span.end();
    done();
  });
}
