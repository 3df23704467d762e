import { jest } from '@jest/globals';
import { Body, Controller, Get, Injectable, Module, Post, type OnModuleInit } from '@nestjs/common';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import { Server } from '@nestjs/microservices';
import { Agent, createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Public } from './auth/access.js';
import { mintToken } from './auth/mint.js';
import { openApiDocument, startService } from './bootstrap.js';
import { loadConfig } from './config.js';
import { Health, type HealthSource } from './health.js';
import { hostSettings } from './host-config.js';
import { createLogger } from './logging/logger.js';
import { runService } from './process.js';
import { call, SampleModule, startSample, type Sample } from './testing/sample-service.kit.js';

const silent = createLogger({ service: 'test', level: 'silent' });
const config = loadConfig(hostSettings({ port: 0, metricsPort: 0 }), { env: { PAIDAN_HOST: '127.0.0.1' } });

/** Waits until the slow request has reached its handler. */
const handling = async (sample: Sample): Promise<void> => {
  for (let i = 0; i < 500 && !sample.lines().includes('sleeping'); i++) await sleep(10);
};

class Transport extends Server implements CustomTransportStrategy {
  constructor(private readonly events: string[]) {
    super();
  }
  listen(callback: () => void): void {
    this.events.push('transport listens');
    callback();
  }
  async close(): Promise<void> {
    await sleep(10);
    this.events.push('transport closed');
  }
  on(): void {}
  unwrap<T>(): T {
    return undefined as T;
  }
}

describe('health', () => {
  it('is ready once started, degraded with 200, not ready with 503, dead only when a restart helps', async () => {
    const state = { kafka: true, postgres: true, progress: true };
    let clock = 0;
    const health = new Health('intake', () => (clock += 1_000));
    const sources: HealthSource[] = [
      { name: 'kafka', affects: 'degraded', check: () => ({ ok: state.kafka, detail: 'no broker' }) },
      { name: 'postgres', check: () => (state.postgres ? { ok: true } : Promise.reject(new Error('password of paidan@10.0.0.3'))) },
      { name: 'progress', affects: 'live', check: () => ({ ok: state.progress }) },
    ];
    health.add(...sources);
    const told = async () => [(await health.report()).status, await health.live()];
    expect(await told()).toEqual(['not-ready', true]);
    health.started();
    expect(await told()).toEqual(['ok', true]);
    state.kafka = false;
    expect(await told()).toEqual(['degraded', true]);
    expect((await health.report()).sources['kafka']).toEqual({ ok: false, affects: 'degraded', detail: 'no broker' });
    state.postgres = false;
    expect(await told()).toEqual(['not-ready', true]);
    expect((await health.report()).sources['postgres']).toEqual({ ok: false, affects: 'ready', detail: 'check failed' });
    state.postgres = true;
    state.progress = false;
    expect(await told()).toEqual(['not-ready', false]);
  });

  it('asks its sources once for a flood of questions, and not for ever', async () => {
    jest.useFakeTimers();
    try {
      const check = jest.fn(() => new Promise<never>(() => undefined));
      const health = new Health('intake');
      health.add({ name: 'stuck', affects: 'degraded', check });
      health.started();
      const answers = Promise.all(Array.from({ length: 50 }, () => health.report()));
      await jest.advanceTimersByTimeAsync(2_000);
      expect((await answers)[49]?.sources['stuck']).toMatchObject({ ok: false, detail: 'no answer within 2 s' });
      expect(check).toHaveBeenCalledTimes(1);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('starting', () => {
  it('says alive and not ready on the other port while hooks run', async () => {
    let release = (): void => undefined;
    const migrated = new Promise<void>((resolve) => (release = resolve));
    @Injectable()
    class Migrations implements OnModuleInit {
      onModuleInit = (): Promise<void> => migrated;
    }
    @Module({ providers: [Migrations] })
    class Slow {}
    // A free port, known before the service has told its own.
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
    const metricsPort = (probe.address() as AddressInfo).port;
    await new Promise((resolve) => probe.close(resolve));

    const starting = startService({ name: 'slow', module: Slow, config: { ...config, metricsPort }, logger: silent });
    const ask = (path: string) => call(`http://127.0.0.1:${metricsPort}/health/${path}`).catch(() => undefined);
    let ready = await ask('ready');
    for (let i = 0; i < 100 && ready === undefined; i++) {
      await sleep(20);
      ready = await ask('ready');
    }
    expect(ready).toMatchObject({ status: 503, body: { sources: { start: { detail: 'starting' } } } });
    expect((await ask('live'))?.status).toBe(200);
    release();
    const service = await starting;
    expect((await ask('ready'))?.status).toBe(200);
    await service.stop();
  });

  it('says when time is not that of the system, and checks tokens by real time all the same', async () => {
    const from = '2031-03-02T09:00:00+08:00';
    const sample = await startSample({ PAIDAN_CLOCK: JSON.stringify({ from, anchor: Date.now(), factor: 8_640 }) });
    expect(sample.lines()).toMatch(/"level":"warn".*"shows":"2031-.*"factor":8640.*time is not that of the system/);
    const token = await mintToken(sample.privateJwk, { sub: 'zhang', roles: ['officer'] });
    const answer = await call(`${sample.url}/v1/work`, { headers: { authorization: `Bearer ${token}` } });
    await sample.service.stop();
    expect(answer).toMatchObject({ status: 200, body: { sub: 'zhang' } });

    const plain = await startSample();
    await plain.service.stop();
    expect(plain.lines()).not.toContain('PAIDAN_CLOCK');
  });

  it('that fails closes what it had opened and says why', async () => {
    @Controller()
    class Shapeless {
      @Public()
      @Post('a')
      take(@Body() body: Record<string, unknown>): unknown {
        return body;
      }
    }
    @Module({ controllers: [Shapeless] })
    class Broken {}
    await expect(startService({ name: 'broken', module: Broken, config, logger: silent })).rejects.toThrow(
      'bodies without a shape class: Shapeless.take',
    );

    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const port = (taken.address() as AddressInfo).port;
    await expect(startService({ name: 'sample', module: SampleModule, config: { ...config, port }, logger: silent })).rejects.toThrow(
      'EADDRINUSE',
    );
    await new Promise((resolve) => taken.close(resolve));
  });
});

describe('stopping', () => {
  const agent = new Agent({ keepAlive: true });
  afterAll(() => agent.destroy());

  it('drains requests, then closes transports, then runs the shutdown hooks; new requests get a problem', async () => {
    const events = (SampleModule.events = []) as string[];
    const sample: Sample = await startSample({ PAIDAN_SHUTDOWN_DELAY: '2s' }, { strategies: () => [new Transport(events)] });
    expect(events).toEqual(['transport listens']);
    const slow = new Promise<number | undefined>((resolve, reject) => {
      get(`${sample.url}/v1/slow/3000`, { agent }, (response) => {
        response.resume().on('end', () => {
          events.push('answered');
          resolve(response.statusCode);
        });
      }).on('error', reject);
    });
    await handling(sample);
    const begun = performance.now();
    const stopped = sample.service.stop('SIGTERM');
    // In the delay it serves, but tells load balancers to go.
    expect((await call(`${sample.url}/v1/tickets/1`)).status).toBe(200);
    expect((await call(`${sample.url}/health/ready`)).body).toMatchObject({
      status: 'not-ready',
      sources: { shutdown: { detail: 'stopping' } },
    });
    await stopped;
    expect(await slow).toBe(200);
    expect(events).toEqual(['transport listens', 'answered', 'transport closed', 'hooks']);
    // The kept-alive connection did not hold it for its 72 s.
    expect(performance.now() - begun).toBeLessThan(20_000);
    await expect(fetch(`${sample.url}/v1/tickets/1`)).rejects.toThrow();
    await expect(fetch(`http://127.0.0.1:${sample.service.metricsPort}/metrics`)).rejects.toThrow();
  });

  it('refuses with 503 what arrives on an open connection once it drains', async () => {
    const sample = await startSample();
    sample.service.health.drain();
    sample.service.health.refuse();
    const answer = await call(`${sample.url}/v1/tickets/1`);
    expect(answer).toMatchObject({ status: 503, body: { code: 'shutting-down', retryable: true } });
    expect(answer.headers.get('retry-after')).toBe('2');
    expect(answer.headers.get('connection')).toBe('close');
    expect((await call(`${sample.url}/health/live`)).status).toBe(200);
    await sample.service.stop();
  });

  it('is bounded', async () => {
    const sample = await startSample({ PAIDAN_SHUTDOWN_TIMEOUT: '1s' });
    const stuck = fetch(`${sample.url}/v1/slow/3000`).catch(() => undefined);
    await handling(sample);
    await expect(sample.service.stop()).rejects.toMatchObject({ code: 'shutdown-timeout' });
    await stuck;
  });
});

describe('a process', () => {
  it('ends in order at SIGTERM and at once at an impatient second; dies of an unhandled error', async () => {
    const exit = jest.spyOn(process, 'exit').mockImplementation((() => undefined) as never);
    const before = new Map(process.eventNames().map((name) => [name, process.listeners(name as 'exit')]));
    try {
      const service = await runService('sample', () => ({ module: SampleModule, config, logger: silent }));
      expect(service).toBeDefined();
      process.emit('SIGTERM', 'SIGTERM');
      process.emit('SIGTERM', 'SIGTERM');
      for (let i = 0; i < 200 && exit.mock.calls.length === 0; i++) await sleep(10);
      expect(exit.mock.calls).toEqual([[0]]);
      await sleep(1_050);
      process.emit('SIGINT', 'SIGINT');
      expect(exit.mock.calls.at(-1)).toEqual([130]);
      process.listeners('unhandledRejection').at(-1)?.(new Error('lost'), Promise.resolve());
      expect(exit.mock.calls.at(-1)).toEqual([1]);
    } finally {
      exit.mockRestore();
      for (const name of ['SIGTERM', 'SIGINT', 'uncaughtException', 'unhandledRejection'] as const) {
        for (const listener of process.listeners(name as 'SIGTERM')) {
          if (!before.get(name)?.includes(listener as never)) process.removeListener(name, listener as never);
        }
      }
    }
  });

  it('that cannot start says which variables are wrong, in plain lines, and ends with 1', async () => {
    const exit = jest.spyOn(process, 'exit').mockImplementation((() => undefined) as never);
    const written: string[] = [];
    const write = jest.spyOn(process.stderr, 'write').mockImplementation(((text: string) => written.push(text) > 0) as never);
    try {
      await runService('sample', () => ({
        module: SampleModule,
        config: loadConfig(hostSettings({ port: 0, metricsPort: 0 }), { env: { PAIDAN_PORT: 'x', PAIDAN_JWKS_FILE: '/nowhere' } }),
      }));
      expect(exit.mock.calls[0]).toEqual([1]);
      expect(written.join('')).toMatch(/PAIDAN_PORT: «x» is not a whole number\n\s+PAIDAN_JWKS_FILE: file «\/nowhere» does not exist/);
    } finally {
      exit.mockRestore();
      write.mockRestore();
    }
  });
});

describe('the OpenAPI document', () => {
  it('needs no provider: it is made in preview, and is what the service gives', async () => {
    @Injectable()
    class Database {
      constructor() {
        throw new Error('a connection was made');
      }
    }
    @Controller('things')
    class Things {
      constructor(readonly database: Database) {}
      @Public()
      @Get()
      list(): string[] {
        return [];
      }
    }
    @Module({ controllers: [Things], providers: [Database] })
    class WithDatabase {}
    const document = await openApiDocument({ name: 'things', module: WithDatabase });
    expect(Object.keys(document.paths)).toEqual(['/things']);
  });

  it('describes routes, shapes from their validators, security and problems', async () => {
    const sample = await startSample();
    const { body } = await call(`${sample.url}/openapi.json`);
    await sample.service.stop();
    const document = await openApiDocument({
      name: 'sample',
      module: SampleModule,
      problems: { 'stale-command': { status: 409, title: '', titleZh: '' } },
    });
    expect(body).toEqual(JSON.parse(JSON.stringify(document)));
    expect(document.openapi).toBe('3.1.0');
    const schemas = document.components?.schemas as Record<string, unknown>;
    expect(schemas['SampleSubmission']).toMatchObject({
      type: 'object',
      additionalProperties: false,
      required: expect.arrayContaining(['externalId', 'text']) as unknown,
      properties: { externalId: { type: 'string', minLength: 1, maxLength: 64 }, contact: { $ref: '#/components/schemas/SampleContact' } },
    });
    expect(schemas['SampleContact']).toMatchObject({ properties: { phone: { pattern: '^1[3-9]\\d{9}$' } } });
    expect(schemas['SampleAnswer']).not.toHaveProperty('additionalProperties');

    const submit = document.paths['/v1/submissions']?.post;
    expect(submit?.security).toEqual([{ apiKey: [] }]);
    expect(submit?.requestBody).toMatchObject({
      content: { 'application/json': { schema: { $ref: '#/components/schemas/SampleSubmission' } } },
    });
    expect(Object.keys(submit?.responses ?? {}).sort()).toEqual(['201', '400', '401', '403', '413', '415', '422', '500', '503']);
    expect(submit?.responses['422']).toEqual({ $ref: '#/components/responses/Problem422' });
    expect(document.components?.responses?.['Problem422']).toMatchObject({
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    });
    expect(document.paths['/v1/work']?.get?.security).toEqual([{ token: [] }]);
    expect(document.paths['/v1/either']?.get?.security).toHaveLength(2);
    expect(document.paths['/v1/open']?.post?.responses).not.toHaveProperty('401');
    expect(document.paths['/v1/list']?.get?.parameters).toEqual([
      { name: 'limit', in: 'query', required: false, schema: { type: 'integer', minimum: 1, maximum: 100 } },
    ]);
  });
});
