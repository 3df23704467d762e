import { InfraError } from '@paidan/local';
import { Misuse } from '../misuse.js';
import { ProgressLine } from '../progress.js';
import { readOptions, usage } from './options.js';
import { isClean, render } from './report.js';
import { chaos } from './run.js';

/** @returns the exit code */
async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === undefined) {
    process.stdout.write(usage);
    return 0;
  }
  const progress = new ProgressLine(process.stderr);
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // Watchdogs end what a process that left at once has started.
      if (stop.signal.aborted) process.exit(130);
      progress.say('ending: no more is handed in and nothing more is broken; once more to leave at once');
      stop.abort();
    });
  }
  const voice = { say: (line: string) => progress.say(line), show: (line: string) => progress.show(line) };
  const report = await chaos(options, voice, stop.signal);
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : `\n${render(report)}`);
  return isClean(report) ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const misuse = error instanceof Misuse;
  const text =
    misuse || error instanceof InfraError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`\n${text}\n${misuse ? '\nnpm run chaos -- --help tells how to call it.\n' : ''}`);
  process.exitCode = misuse ? 2 : 1;
}
// Idle connections of fetch would keep the process for seconds.
process.exit();
