import { isSpanContextValid, trace } from '@opentelemetry/api';
import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger, type LoggerOptions as PinoOptions } from 'pino';
import { safeMessage, scrub, scrubText } from './scrub.js';

export type { Logger } from 'pino';

export interface LoggerOptions {
  readonly service: string;
  readonly level: string;
  /** Standard output unless given. */
  readonly destination?: DestinationStream;
}

const record = (value: object): Record<string, unknown> => {
  const clean = scrub(value);
  return typeof clean === 'object' && clean !== null && !Array.isArray(clean) ? (clean as Record<string, unknown>) : { data: clean };
};

const spanIds = (): object => {
  const context = trace.getActiveSpan()?.spanContext();
  return context !== undefined && isSpanContextValid(context) ? { traceId: context.traceId, spanId: context.spanId } : {};
};

/** A JSON logger through which no contact data passes; see scrub.ts. With a span active, each line names its trace. */
export const createLogger = ({ service, level, destination }: LoggerOptions): Logger => {
  const options: PinoOptions = {
    level,
    base: { service },
    messageKey: 'msg',
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: spanIds,
    serializers: { err: (value: unknown) => value },
    formatters: { level: (label) => ({ level: label }), log: record },
    hooks: {
      // Values interpolated into a message (`%s`, `%o`) and bare errors never reach `formatters.log`.
      logMethod(args, method) {
        const [first, second, ...rest] = args as unknown[];
        if (first instanceof Error) {
          const message = typeof second === 'string' ? scrubText(second) : safeMessage(first);
          method.apply(this, [{ err: first }, message, ...rest.map((one) => scrub(one))] as never);
        } else if (typeof first === 'string') {
          const values = args.length > 1 ? [second, ...rest].map((one) => scrub(one)) : [];
          method.apply(this, [scrubText(first), ...values] as never);
        } else {
          const message = typeof second === 'string' ? scrubText(second) : scrub(second);
          method.apply(this, [first, message, ...rest.map((one) => scrub(one))] as never);
        }
      },
    },
  };
  const logger = destination === undefined ? pino(options) : pino(options, destination);
  // pino gives no formatter the bindings of a child. Children have their parent as prototype, so this holds for grandchildren too.
  const child = logger.child as unknown as (this: Logger, bindings: object, more?: object) => Logger;
  return Object.assign(logger, {
    child(this: Logger, bindings: object, more?: object): Logger {
      return child.call(this, record(bindings), more);
    },
  });
};

/** Nest's own lines on the same logger. Nest hands over `(message, …extra, context)`, and for errors `(message, stack, context)`. */
export class NestLogger implements LoggerService {
  // Which module was initialised, which route mapped: forty lines a start that nobody reads. They are there at debug.
  private static readonly CHATTY: ReadonlySet<string> = new Set([
    'InstanceLoader',
    'RoutesResolver',
    'RouterExplorer',
    'NestFactory',
    'NestApplication',
  ]);

  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...extra: unknown[]): void {
    const context = extra.at(-1);
    this.write(typeof context === 'string' && NestLogger.CHATTY.has(context) ? 'debug' : 'info', message, extra);
  }
  error(message: unknown, ...extra: unknown[]): void {
    this.write('error', message, extra);
  }
  warn(message: unknown, ...extra: unknown[]): void {
    this.write('warn', message, extra);
  }
  debug(message: unknown, ...extra: unknown[]): void {
    this.write('debug', message, extra);
  }
  verbose(message: unknown, ...extra: unknown[]): void {
    this.write('trace', message, extra);
  }
  fatal(message: unknown, ...extra: unknown[]): void {
    this.write('fatal', message, extra);
  }

  private write(level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal', message: unknown, extra: readonly unknown[]): void {
    const last = extra.at(-1);
    const context = typeof last === 'string' && !last.includes('\n') ? last : undefined;
    // A stack's first lines are the error's message: only its frames are kept.
    const stack = extra.find((one): one is string => typeof one === 'string' && /\n\s+at /.test(one));
    const frames = stack?.split('\n').filter((line) => /^\s+at /.test(line));
    const fields = { ...(context === undefined ? {} : { context }), ...(frames === undefined ? {} : { stack: frames.join('\n') }) };
    const more = extra.filter((one) => one !== last && one !== stack);
    const details = more.length === 0 ? fields : { ...fields, extra: more };
    if (message instanceof Error) this.logger[level]({ ...details, err: message }, safeMessage(message));
    else if (typeof message === 'string') this.logger[level](details, message);
    else this.logger[level]({ ...details, data: message });
  }
}
