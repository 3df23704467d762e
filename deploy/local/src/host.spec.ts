import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answersTcp, claimPort, freePort, lastLines, namingFullDisk, requireDiskSpace } from './host.js';

it('names the taken port and the variable that moves it', async () => {
  const port = await freePort();
  expect(await claimPort(port, 'Kafka', 'PAIDAN_KAFKA_PORT')).toBe(port);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  expect(await answersTcp('127.0.0.1', port)).toBe(true);
  await expect(claimPort(port, 'Kafka', 'PAIDAN_KAFKA_PORT')).rejects.toMatchObject({
    code: 'port-taken',
    message: `Port ${port} for Kafka is taken by another program. Stop that program, or set PAIDAN_KAFKA_PORT to a free port.`,
  });
  await new Promise((resolve) => server.close(resolve));
  expect(await answersTcp('127.0.0.1', port)).toBe(false);
});

it('gives each port once, and none that an outgoing connection may have got by the time it is used', async () => {
  const ports = await Promise.all(Array.from({ length: 200 }, freePort));
  expect(new Set(ports).size).toBe(200);
  expect(ports.every((port) => port >= 20_000 && port < 32_768)).toBe(true);
});

it('asks for free disk before anything is written', async () => {
  await requireDiskSpace(tmpdir(), 1);
  await expect(requireDiskSpace(tmpdir(), Number.MAX_SAFE_INTEGER)).rejects.toMatchObject({ code: 'disk-full' });
});

it('knows a full disk by code and by what the servers print', () => {
  const other = new Error('no such file');
  expect(namingFullDisk(other, '/data')).toBe(other);
  for (const full of [
    Object.assign(new Error('write'), { code: 'ENOSPC' }),
    new Error('FATAL: could not write: No space left on device'),
  ]) {
    expect(namingFullDisk(full, '/data')).toMatchObject({ code: 'disk-full', cause: full });
  }
});

it('gives the end of a log, and nothing for a log that is not there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'paidan-'));
  writeFileSync(join(folder, 'log'), 'a\nb\nc\n');
  expect(await lastLines(join(folder, 'log'), 2)).toBe('b\nc');
  expect(await lastLines(join(folder, 'none'))).toBe('');
  rmSync(folder, { recursive: true });
});
