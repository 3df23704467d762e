import { PaidanError } from '@paidan/kernel';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { dispatchError } from '../errors.js';
import { decodeModel, encodeModel } from '../model-file.js';
import { readLabelledRows } from './labelled-rows.js';
import { readOptions, usage, type TrainOptions } from './options.js';
import { reportOf } from './report.js';
import { requireNoWorse, speedOf, train, type Table } from './run.js';

const bytesOf = async (file: string, refusal: 'rows-unreadable' | 'model-unreadable'): Promise<Uint8Array> => {
  try {
    return await readFile(file);
  } catch (cause) {
    throw dispatchError(refusal, `${file}: can't be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
};
const tableOf = async (name: string): Promise<Table> => ({ name, rows: readLabelledRows(await bytesOf(name, 'rows-unreadable'), name) });
const optional = async <T>(file: string | undefined, read: (file: string) => Promise<T>): Promise<T | undefined> =>
  file === undefined ? undefined : read(file);

const run = async (options: TrainOptions): Promise<void> => {
  const { stored, figures, texts } = train({
    data: await tableOf(options.data),
    test: await optional(options.test, tableOf),
    corrections: await optional(options.corrections, tableOf),
    against: await optional(options.against, async (name) => ({
      name,
      stored: decodeModel(await bytesOf(name, 'model-unreadable'), name),
    })),
    seed: options.seed,
  });
  const speed = speedOf(stored, texts);
  if (!options.json) process.stdout.write(reportOf(figures, speed));
  requireNoWorse(figures);
  const bytes = encodeModel(stored);
  await mkdir(dirname(options.out), { recursive: true });
  // A service that looks at the file meanwhile finds the old one or the new one.
  await writeFile(`${options.out}.new`, bytes);
  await rename(`${options.out}.new`, options.out);
  const model = { file: options.out, bytes: bytes.length };
  process.stdout.write(options.json ? `${JSON.stringify({ ...figures, ...speed, model })}\n` : `${model.file}: ${model.bytes} bytes\n`);
};

const options = readOptions(process.argv.slice(2));
if (options === undefined) process.stdout.write(usage);
else if ('misuse' in options) {
  process.stderr.write(`${options.misuse}\n\nnpm run train -- --help tells how to call it.\n`);
  process.exitCode = 2;
} else {
  try {
    await run(options);
  } catch (error) {
    if (!(error instanceof PaidanError)) throw error;
    process.stderr.write(`${error.code}: ${error.message}\n`);
    process.exitCode = 1;
  }
}
