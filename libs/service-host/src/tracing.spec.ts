import { trace } from '@opentelemetry/api';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-node';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { post, startSample } from './testing/sample-service.kit.js';
import { currentTraceparent, parseTraceparent, startTracing, withRemoteParent } from './tracing.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = `00-${TRACE}-00f067aa0ba902b7-01`;
const good = { externalId: 'web-1', text: '路灯不亮' };

describe('without an exporter', () => {
  it('nothing is traced and nothing breaks', async () => {
    expect((await startTracing({ service: 'x' })).on).toBe(false);
    expect(currentTraceparent()).toBeUndefined();
    expect(withRemoteParent(PARENT, 'handle', () => 7)).toBe(7);
    await expect(withRemoteParent(PARENT, 'handle', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});

describe('parseTraceparent', () => {
  it.each([
    undefined,
    '',
    'nonsense',
    PARENT.replace(TRACE, '0'.repeat(32)),
    PARENT.replace('00f067aa0ba902b7', '0'.repeat(16)),
    `ff${PARENT.slice(2)}`,
    PARENT.toUpperCase(),
    PARENT.slice(0, -1),
  ])('takes %s for no parent', (value) => {
    expect(parseTraceparent(value)).toBeUndefined();
  });

  it('reads a valid one, of a later version too', () => {
    expect(parseTraceparent(PARENT)).toEqual({ traceId: TRACE, spanId: '00f067aa0ba902b7', traceFlags: 1, isRemote: true });
    expect(parseTraceparent(`01${PARENT.slice(2)}-more`)?.traceId).toBe(TRACE);
  });
});

describe('with an exporter', () => {
  it('HTTP, the handler behind its body, the log and a Kafka header are one trace', async () => {
    const exporter = new InMemorySpanExporter();
    const sample = await startSample({}, { exporter });
    let traceparent: string | undefined;
    let kept: ReturnType<typeof exporter.getFinishedSpans>;
    try {
      const answer = await post(`${sample.url}/v1/traced`, good, { traceparent: PARENT });
      traceparent = answer.body['traceparent'] as string;
      // As a consumer does, some time later and in another process.
      const seen = await withRemoteParent(traceparent, 'ticket.registered', async () => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        return currentTraceparent();
      });
      expect(seen?.slice(0, 35)).toBe(`00-${TRACE}`);
      expect(() =>
        withRemoteParent(traceparent, 'fails', () => {
          throw new Error('phone 13800000000');
        }),
      ).toThrow();
      const other = await post(`${sample.url}/v1/traced`, good);
      expect(other.body['traceparent']).not.toContain(TRACE);
      // A server's span ends after its answer has gone.
      for (let i = 0; i < 200 && exporter.getFinishedSpans().length < 4; i++) await new Promise((resolve) => setTimeout(resolve, 10));
      kept = [...exporter.getFinishedSpans()];
    } finally {
      await sample.service.stop();
    }
    const ours = kept.filter((span) => span.spanContext().traceId === TRACE);
    expect(ours.map((span) => span.name).sort()).toEqual(['POST /v1/traced', 'fails', 'ticket.registered']);
    expect(kept.length).toBe(4);
    const [http, consumed, failed] = ['POST /v1/traced', 'ticket.registered', 'fails'].map((name) =>
      ours.find((span) => span.name === name),
    );
    expect(http?.parentSpanContext?.spanId).toBe('00f067aa0ba902b7');
    expect(http?.attributes).toMatchObject({ 'http.route': '/v1/traced', 'http.response.status_code': 201 });
    expect(http?.resource.attributes['service.name']).toBe('sample');
    expect(consumed?.parentSpanContext?.spanId).toBe(http?.spanContext().spanId);
    expect(traceparent).toBe(`00-${TRACE}-${http?.spanContext().spanId}-01`);
    expect(JSON.stringify([failed?.status, failed?.events])).not.toContain('13800000000');
    expect(
      sample
        .lines()
        .split('\n')
        .find((line) => line.includes('in the handler')),
    ).toContain(`"traceId":"${TRACE}"`);
    expect(trace.getActiveSpan()).toBeUndefined();
  });

  it('spans leave by OTLP/HTTP with the service’s name', async () => {
    const received: Buffer[] = [];
    const collector = createServer((request, response) => {
      request
        .on('data', (chunk: Buffer) => received.push(chunk))
        .on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    try {
      const url = new URL(`http://127.0.0.1:${(collector.address() as AddressInfo).port}/v1/traces`);
      const tracing = await startTracing({ service: 'intake', url });
      withRemoteParent(PARENT, 'ticket.registered', () => undefined);
      await tracing.stop();
    } finally {
      collector.closeAllConnections();
      await new Promise((resolve) => collector.close(resolve));
    }
    const text = Buffer.concat(received).toString();
    for (const part of ['ticket.registered', 'service.name', 'intake', TRACE]) expect(text).toContain(part);
  });
});
