import {
  context,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Attributes,
  type Context,
  type SpanContext,
} from '@opentelemetry/api';
import type { NodeTracerConfig, SpanExporter } from '@opentelemetry/sdk-trace-node';

const TRACER = '@paidan/service-host';

export interface TracingOptions {
  readonly service: string;
  /** OTLP/HTTP endpoint; without it (and without `exporter`) tracing stays off. */
  readonly url?: URL | undefined;
  readonly ratio?: number;
  /** In place of OTLP; every span is handed over at once. */
  readonly exporter?: SpanExporter;
}

export interface Tracing {
  readonly on: boolean;
  /** Sends what is still held back. */
  stop(): Promise<void>;
}

/**
 * Turns tracing on for this process. When it stays off the SDK is not even loaded, and the API's no-op calls are all that is left:
 * 15 ns for a look at the active span.
 */
export const startTracing = async ({ service, url, ratio = 1, exporter }: TracingOptions): Promise<Tracing> => {
  if (url === undefined && exporter === undefined) return { on: false, stop: () => Promise.resolve() };
  const sdk = await import('@opentelemetry/sdk-trace-node');
  const processor =
    exporter !== undefined
      ? new sdk.SimpleSpanProcessor(exporter)
      : new sdk.BatchSpanProcessor(new (await import('@opentelemetry/exporter-trace-otlp-http')).OTLPTraceExporter({ url: String(url) }));
  const provider = new sdk.NodeTracerProvider({
    resource: resourceOf({ 'service.name': service, 'service.namespace': 'paidan' }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [processor],
  });
  // Sets the W3C propagator and the AsyncLocalStorage context manager, too.
  provider.register();
  return {
    on: true,
    stop: async () => {
      await provider.shutdown();
      trace.disable();
      context.disable();
      propagation.disable();
    },
  };
};

/** The SDK takes any object of this shape; its own factory sits in a package we would depend on for three lines. */
const resourceOf = (attributes: Attributes): NonNullable<NodeTracerConfig['resource']> => ({
  attributes,
  merge: (other) => resourceOf({ ...attributes, ...other?.attributes }),
  getRawAttributes: () => Object.entries(attributes),
});

/** The active span as a W3C `traceparent`, for the header of a Kafka record or the row of an outbox; nothing when no span is active. */
export const currentTraceparent = (): string | undefined => {
  const span = trace.getActiveSpan()?.spanContext();
  if (span === undefined || !isSpanContextValid(span)) return undefined;
  return `00-${span.traceId}-${span.spanId}-${(span.traceFlags & TraceFlags.SAMPLED) === 0 ? '00' : '01'}`;
};

/** Reads a W3C `traceparent`; anything malformed is no parent. */
export const parseTraceparent = (traceparent: string | undefined): SpanContext | undefined => {
  const match = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-|$)/.exec(traceparent ?? '');
  const [, traceId, spanId, flags] = match ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  const span: SpanContext = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true };
  return isSpanContextValid(span) ? span : undefined;
};

export const remoteParent = (traceparent: string | undefined): Context => {
  const span = parseTraceparent(traceparent);
  return span === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, span);
};

/**
 * Runs `fn` in a span whose parent is somewhere else: the traceparent of a Kafka record. Without a (valid) one the span begins a trace.
 * The span ends with the result or the promise; an error marks it and goes on.
 */
export const withRemoteParent = <T>(
  traceparent: string | undefined,
  name: string,
  fn: () => T,
  options: { readonly kind?: SpanKind; readonly attributes?: Attributes } = {},
): T => {
  const settings = {
    kind: options.kind ?? SpanKind.CONSUMER,
    ...(options.attributes === undefined ? {} : { attributes: options.attributes }),
  };
  return trace.getTracer(TRACER).startActiveSpan(name, settings, remoteParent(traceparent), (span) => {
    // The message of an error is left out: it can quote what a citizen wrote.
    const failed = (error: unknown): never => {
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'error' });
      span.end();
      throw error;
    };
    try {
      const result = fn();
      if (result instanceof Promise) {
        return result.then((value: unknown) => {
          span.end();
          return value;
        }, failed) as T;
      }
      span.end();
      return result;
    } catch (error) {
      return failed(error);
    }
  });
};
