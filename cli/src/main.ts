import { run } from './run.js';

// Whoever reads may have read enough: paidan parked list | head
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  if (code !== 'EPIPE') process.stderr.write(`${message}\n`);
  process.exit(code === 'EPIPE' ? 0 : 1);
});

const line = (stream: NodeJS.WriteStream) => (text: string) => void stream.write(`${text.trimEnd()}\n`);

process.exitCode = await run(process.argv.slice(2), process.env, { out: line(process.stdout), err: line(process.stderr) });
