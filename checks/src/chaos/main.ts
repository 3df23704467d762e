import { endingSignal, runProgram } from '../program.js';
import { ProgressLine } from '../progress.js';
import { type ChaosOptions, readOptions, usage } from './options.js';
import { isClean, render } from './report.js';
import { chaos } from './run.js';

/** @returns the exit code */
async function main(options: ChaosOptions): Promise<number> {
  const progress = new ProgressLine(process.stderr);
  const voice = { say: (line: string) => progress.say(line), show: (line: string) => progress.show(line) };
  const stop = endingSignal(voice.say, 'no more is handed in and nothing more is broken');
  const report = await chaos(options, voice, stop);
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : `\n${render(report)}`);
  return isClean(report) ? 0 : 1;
}

await runProgram('chaos', { usage, readOptions }, main);
