import { until } from '@paidan/testing';
import { setTimeout as delay } from 'node:timers/promises';
import { manualClock } from '../clock.js';
import { Bench, newTicket } from '../runtime.kit.js';

describe('how far the log has been read', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await Bench.open();
  });
  afterEach(() => bench.close());

  it('is known once it is read, moves with the clock while nothing comes, and stands still before what is unread', async () => {
    const clock = manualClock(1_000);
    const runtime = await bench.runtime({ clock });
    await bench.send(newTicket(), 1);
    expect(runtime.readThrough()).toBe(0);
    await delay(1_200);
    expect(runtime.readThrough()).toBe(0);
    const consumer = bench.read(runtime);
    await until('the log was read', () => runtime.readThrough() === 1_000);
    clock.set(2_000);
    await until('it follows the clock', () => runtime.readThrough() === 2_000);
    await consumer.stop();
    await bench.send(newTicket(), 1);
    clock.set(3_000);
    await delay(1_200);
    expect(runtime.readThrough()).toBe(2_000);
    // Another replica reads on: what counts is the position that the service keeps.
    bench.read(await bench.runtime({ clock }));
    await until('the other has read it', () => runtime.readThrough() === 3_000);
  });
});
