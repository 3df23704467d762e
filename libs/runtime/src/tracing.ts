import { context, propagation, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';

const tracer = trace.getTracer('paidan');

/** `traceparent` of the span in which the caller runs; undefined when nothing is traced. */
export function currentTraceparent(): string | undefined {
  const span = trace.getActiveSpan();
  if (span === undefined) return undefined;
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent;
}

/**
 * Runs a synchronous piece of work as a child of the span that produced the message, and gives the `traceparent` that what it says shall carry.
 * Without a parent nothing is created; without an exporter the parent is handed through, so that a trace isn't torn by a service that exports none.
 */
export function tracedFold<T>(
  name: string,
  traceparent: string | undefined,
  ticketId: string,
  work: (traceparent: string | undefined) => T,
): T {
  if (traceparent === undefined) return work(undefined);
  const parent = propagation.extract(ROOT_CONTEXT, { traceparent });
  const span = tracer.startSpan(name, { kind: SpanKind.CONSUMER, attributes: { 'paidan.ticket': ticketId } }, parent);
  const carrier: { traceparent?: string } = {};
  propagation.inject(trace.setSpan(parent, span), carrier);
  try {
    return work(carrier.traceparent ?? traceparent);
  } finally {
    span.end();
  }
}
