import { readFile } from 'node:fs/promises';
import { Misuse } from '@paidan/local/call';
import { CallbackServer } from '../cast/channels/callback-server.js';
import { exampleMessages } from '../cast/channels/example-messages.js';
import { type MessagesRead, readMessages } from './input/read-messages.js';
import { type DemoOptions, readOptions, usage } from './options.js';
import { play } from './play.js';
import { endingSignal, runProgram } from '../program.js';
import { ProgressLine } from '../progress.js';
import { MUST_BE_NONE, summarise } from './report/summary.js';
import { renderTable } from './report/table.js';
import { findOrStart } from './system.js';

async function messagesFor({ messages, limit }: DemoOptions): Promise<MessagesRead> {
  if (messages === undefined) return { messages: exampleMessages.slice(0, limit), broken: [] };
  const bytes = await readFile(messages).catch((error: NodeJS.ErrnoException) => {
    throw new Misuse(error.code === 'ENOENT' ? `there is no file ${messages}` : `${messages} can't be read: ${error.message}`);
  });
  try {
    const read = readMessages(bytes, limit);
    if (read.messages.length > 0) return read;
    const [first] = read.broken;
    throw new Misuse(first === undefined ? 'it has no rows' : `none of its rows can be read; line ${first.line} ${first.reason}`);
  } catch (error) {
    throw error instanceof Misuse ? new Misuse(`${messages} is no table of messages: ${error.message}`) : error;
  }
}

/** @returns the exit code */
async function main(options: DemoOptions): Promise<number> {
  const read = await messagesFor(options);
  const progress = new ProgressLine(process.stderr);
  const say = (line: string): void => progress.say(line);

  const asked = endingSignal(say, 'no more is handed in, what was accepted is finished');

  for (const { row, line, reason } of read.broken.slice(0, 20)) say(`row ${row} (line ${line}) is left out: it ${reason}`);
  const callbacks = await CallbackServer.open();
  try {
    return await perform(options, read, callbacks, asked, progress);
  } finally {
    await callbacks.close();
  }
}

/** @returns the exit code */
async function perform(
  { seed, factor, json }: DemoOptions,
  read: MessagesRead,
  callbacks: CallbackServer,
  signal: AbortSignal,
  progress: ProgressLine,
): Promise<number> {
  const say = (line: string): void => progress.say(line);
  const stage = await findOrStart({ callbacks, ...(factor === undefined ? {} : { factor }) }, say);
  try {
    for (const line of [`${read.messages.length} messages`, ...stage.what]) say(line);
    const { played, story } = await play(read, stage, { seed, callbacks, signal, onProgress: (line) => progress.show(line) });
    const summary = summarise(played);
    progress.end(`over after ${summary.seconds} s`);
    if (!json) process.stdout.write(`\n${renderTable(summary)}\n${story === undefined ? '' : `\n${story}\n`}`);
    await stage.leave();
    // Last, whatever stopping had to say.
    if (json) process.stdout.write(`${JSON.stringify({ ...summary, ...(story === undefined ? {} : { story }) })}\n`);
    return MUST_BE_NONE.every((count) => summary[count] === 0) ? 0 : 1;
  } catch (error) {
    await stage.leave();
    throw error;
  }
}

await runProgram('demo', { usage, readOptions }, main);
