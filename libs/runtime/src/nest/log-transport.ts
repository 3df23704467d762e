import { Catch, UseFilters, type ExceptionFilter } from '@nestjs/common';
import { BaseRpcContext, EventPattern, Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { TICKETS_TOPIC } from '@paidan/contracts';
import { lastValueFrom, throwError, type Observable } from 'rxjs';
import type { LogBatch } from '../kafka/log-record.js';

/** Nest would replace an error by "Internal server error"; the consumer must see which error it was to know what follows. */
@Catch()
export class PassErrors implements ExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

/**
 * A controller's method handles batches of this topic; `paidan.commands.*` is every topic of that prefix, those created later included.
 * The method gets a {@link LogBatch} and returns what `Reactor.batch` gives (undefined: nothing concerned the service).
 */
export const LogHandler =
  (topic: string): MethodDecorator =>
  (target, key, descriptor) => {
    // Nest types its decorator by the handler's data; here the data is always a LogBatch.
    (EventPattern(topic) as MethodDecorator)(target, key, descriptor);
    UseFilters(PassErrors)(target, key, descriptor);
  };

/** Nest's own Kafka server takes a message at a time and commits what nobody handled; this one gives batches to the runtime's consumers. */
export class LogTransport extends Server implements CustomTransportStrategy {
  override readonly transportId = Symbol('paidan-log');
  /** The consumer decides by the error: fenced, halted, try again. */
  override readonly propagatesEventHandlerErrors = true;

  constructor(private readonly runtime: () => RuntimeLike) {
    super();
  }

  listen(callback: () => void): void {
    const runtime = this.runtime();
    for (const [pattern, handler] of this.messageHandlers)
      runtime.read({
        group: groupOf(pattern),
        topics: () => topicsOf(runtime, pattern),
        handle: async (batch) =>
          (await lastValueFrom(this.transformToObservable(await handler(batch, new BaseRpcContext([pattern]))))) !== undefined,
      });
    runtime.start();
    callback();
  }

  async close(): Promise<void> {
    await this.runtime().stop();
  }

  override on(): never {
    throw new Error('the log transport has no events of its own: see the metrics');
  }

  override unwrap<T>(): T {
    return this.runtime() as T;
  }
}

/** What the transport needs of a runtime, whatever its record. */
export interface RuntimeLike {
  read(source: { group: string; topics: () => Promise<readonly string[]>; handle: (batch: LogBatch) => Promise<boolean> }): unknown;
  start(): void;
  stop(): Promise<void>;
  readonly client: { topics(): Promise<string[]> };
}

/** Where a handler reads whose group is not the one that its pattern names. */
export interface Elsewhere {
  readonly group: string;
  readonly topics: readonly string[];
}

/** The same runtime, its handlers reading elsewhere: a log's next generation, or one that a test has made. */
export const readingElsewhere = (runtime: RuntimeLike, elsewhere: (group: string) => Elsewhere): RuntimeLike => ({
  read: (source) => {
    const { group, topics } = elsewhere(source.group);
    return runtime.read({ ...source, group, topics: async () => topics });
  },
  start: () => runtime.start(),
  stop: () => runtime.stop(),
  client: runtime.client,
});

/** The topic of the decorator is the name of the log; which generation of it is read, the configuration says. */
export const readingGeneration = (runtime: RuntimeLike, ticketsTopic: string): RuntimeLike =>
  ticketsTopic === TICKETS_TOPIC ? runtime : readingElsewhere(runtime, () => ({ group: ticketsTopic, topics: [ticketsTopic] }));

const groupOf = (pattern: string): string => pattern.replace(/^paidan\./, '').replace(/\.\*$/, '');

async function topicsOf(runtime: RuntimeLike, pattern: string): Promise<readonly string[]> {
  if (!pattern.endsWith('*')) return [pattern];
  const prefix = pattern.slice(0, -1);
  return (await runtime.client.topics()).filter((topic) => topic.startsWith(prefix)).sort();
}
