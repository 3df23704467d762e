import { startService, type RunningService, type ServiceOptions } from './bootstrap.js';
import { hostError } from './errors.js';
import { createLogger, type Logger } from './logging/logger.js';

const IMPATIENT_MS = 1_000;

/**
 * A service as a process; the whole of its `main.ts`:
 *
 * ```ts
 * await runService('intake', () => ({ module: IntakeModule, config: readConfig() }));
 * ```
 *
 * SIGTERM and SIGINT end it in order with code 0, or with 1 when that takes longer than `shutdownTimeout`; a second signal ends it at once. An
 * error nobody caught ends it with 1: the state of the process is unknown, and everything that matters is in Postgres.
 */
export const runService = async (
  name: string,
  options: () => Omit<ServiceOptions, 'name'> | Promise<Omit<ServiceOptions, 'name'>>,
): Promise<RunningService | undefined> => {
  let logger = createLogger({ service: name, level: 'info' });
  let running: RunningService | undefined;
  let signalled: { readonly signal: string; readonly at: number } | undefined;

  const crash = (error: unknown, what: string): void => {
    logger.fatal({ err: error }, what);
    process.exit(1);
  };
  process.on('uncaughtException', (error) => crash(error, 'uncaught exception'));
  process.on('unhandledRejection', (error) => crash(error, 'unhandled rejection'));

  const stop = (signal: NodeJS.Signals): void => {
    if (signalled !== undefined) {
      // Ctrl-C reaches the process from the terminal and, forwarded by npm, at once again: only a later one is impatience.
      if (performance.now() - signalled.at > IMPATIENT_MS) process.exit(130);
      return;
    }
    signalled = { signal, at: performance.now() };
    if (running !== undefined) void end(running, signal, logger);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);

  try {
    const given = await options();
    logger = given.logger ?? createLogger({ service: name, level: given.config.logLevel });
    running = await startService({ ...given, name, logger });
  } catch (error) {
    reportFailedStart(logger, error);
    process.exit(1);
  }
  if (signalled !== undefined) void end(running, signalled.signal, logger);
  return running;
};

const end = async (running: RunningService, signal: string, logger: Logger): Promise<void> => {
  try {
    await running.stop(signal);
    process.exit(0);
  } catch (error) {
    logger.fatal({ err: error }, 'ended by force');
    process.exit(1);
  }
};

/** A wrong configuration is for the person at the keyboard, who reads lines, not JSON. */
const reportFailedStart = (logger: Logger, error: unknown): void => {
  if (hostError.is(error, 'config-invalid')) process.stderr.write(`${error.message}\n`);
  else logger.fatal({ err: error }, 'start failed');
};
