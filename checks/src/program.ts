import { InfraError } from '@paidan/local';
import { Misuse } from '@paidan/local/call';

/**
 * Runs a program of these checks to its end, and ends the process.
 * @param main takes the call's words; `undefined` from `readOptions` means that help was asked for. Gives the exit code: 0 all is well, 1 it isn't
 */
export async function runProgram<Options>(
  name: string,
  { usage, readOptions }: { readonly usage: string; readonly readOptions: (args: readonly string[]) => Options | undefined },
  main: (options: Options) => Promise<number>,
): Promise<never> {
  try {
    const options = readOptions(process.argv.slice(2));
    if (options === undefined) process.stdout.write(usage);
    process.exitCode = options === undefined ? 0 : await main(options);
  } catch (error) {
    const misuse = error instanceof Misuse;
    process.stderr.write(`\n${textOf(error)}\n${misuse ? `\nnpm run ${name} -- --help tells how to call it.\n` : ''}`);
    process.exitCode = misuse ? 2 : 1;
  }
  // Idle connections of fetch would keep the process for seconds. What was written to a pipe goes first.
  await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))));
  process.exit();
}

/** A named error is written for a person; of anything else the stack is what helps. */
function textOf(error: unknown): string {
  if (error instanceof Misuse || error instanceof InfraError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/**
 * Aborted by the first signal that asks the process to end; the second ends it at once, and watchdogs end what it has started.
 * @param ending what is told after the first
 */
export function endingSignal(tell: (line: string) => void, ending: string): AbortSignal {
  const asked = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (asked.signal.aborted) process.exit(130);
      tell(`ending: ${ending}; once more to leave at once`);
      asked.abort();
    });
  return asked.signal;
}
