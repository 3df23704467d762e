import { until } from '@paidan/testing';
import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Bench, newTicket } from './runtime.kit.js';

const registerTs = fileURLToPath(new URL('../../testing/jest/register-ts.mjs', import.meta.url));
const program = fileURLToPath(new URL('./tally-process.kit.ts', import.meta.url));

async function startProcess(bench: Bench, slowMs: number): Promise<ChildProcess> {
  const options = JSON.stringify({ ...bench.options(), topic: bench.topic, slowMs });
  const child = spawn(process.execPath, ['--import', registerTs, program, options], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once('data', () => resolve());
    child.once('exit', (code) => reject(new Error(`the tally ended with ${code}`)));
  });
  return child;
}

describe('a paused process', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await Bench.open();
  });
  afterEach(() => bench.close());

  it('stopped past a rebalance is fenced when it wakes: no effect twice, nothing lost', async () => {
    const tickets = Array.from({ length: 60 }, newTicket);
    const frozen = await startProcess(bench, 150);
    let sequence = 0;
    const load = async () => {
      sequence += 1;
      await bench.sendAll(tickets.map((ticketId) => ({ ticketId, sequence })));
    };
    try {
      await load();
      await until('the first process handles', async () => (await bench.rows('select 1 from ticket')).length > 0, 30_000);
      for (let i = 0; i < 4; i += 1) await load();
      await delay(100);
      frozen.kill('SIGSTOP');
      const heir = await bench.runtime();
      heir.start();
      const consumer = bench.read(heir);
      for (let i = 0; i < 4; i += 1) await load();
      // The session runs out after 10 s, the frozen transaction after 10 s as well.
      await until('the heir has every partition', () => consumer.state.lanes.length === bench.partitions, 40_000);
      await until('the heir is through', async () => (await done()) === tickets.length, 40_000);
      frozen.kill('SIGCONT');
      await load();
      await until('all of it', async () => (await done()) === tickets.length, 40_000);
      const [row] = await bench.rows<{ n: string }>(
        `select count(*) n from ticket where (record -> 'seen')::jsonb <> (select jsonb_agg('e1.' || i) from generate_series(1, $1) i)`,
        [sequence],
      );
      expect(row?.n).toBe('0');
      await until('outbox empty', async () => (await bench.rows('select 1 from outbox')).length === 0);
      expect(new Set((await bench.said()).map((event) => `${event.ticketId}/${event.sequence}`)).size).toBe(tickets.length * sequence);
    } finally {
      frozen.kill('SIGCONT');
      frozen.kill('SIGKILL');
    }

    async function done(): Promise<number> {
      const [row] = await bench.rows<{ n: string }>(`select count(*) n from ticket where json_array_length(record -> 'seen') >= $1`, [
        sequence,
      ]);
      return Number(row?.n);
    }
  }, 150_000);

  it('killed in the middle of a batch leaves all or nothing of it', async () => {
    const tickets = Array.from({ length: 50 }, newTicket);
    for (let sequence = 1; sequence <= 3; sequence += 1) {
      const child = await startProcess(bench, 200);
      await bench.sendAll(tickets.map((ticketId) => ({ ticketId, sequence })));
      await delay(150 * sequence);
      child.kill('SIGKILL');
    }
    const heir = await bench.runtime();
    heir.start();
    bench.read(heir);
    await until(
      'all',
      async () =>
        (await bench.rows(`select 1 from ticket where (record -> 'seen')::jsonb = '["e1.1", "e1.2", "e1.3"]'`)).length === tickets.length,
      60_000,
    );
    expect((await bench.rows('select 1 from ticket')).length).toBe(tickets.length);
  }, 120_000);
});
