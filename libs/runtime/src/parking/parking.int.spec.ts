import { until } from '@paidan/testing';
import { manualClock } from '../clock.js';
import { Bench, faults, newTicket, type TallyCommand } from '../runtime.kit.js';

const order = (ticketId: string, note: string): TallyCommand => ({
  commandId: newTicket(),
  name: 'order',
  ticketId,
  actor: { kind: 'person', subject: 'p', roles: [] },
  payload: { note },
});

describe('parking', () => {
  let bench: Bench;
  beforeEach(async () => {
    Object.assign(faults, { healed: false, timers: false });
    bench = await Bench.open();
  });
  afterEach(() => bench.close());

  describe.each([
    ['a decision that throws', 'throw', 'bug'],
    ['a record that SQL refuses', 'sql', '22021'],
  ] as const)('%s', (_name, fault, code) => {
    it('parks one ticket; neighbours flow; later events and commands wait; replay finishes in order', async () => {
      const runtime = await bench.runtime();
      runtime.start();
      bench.read(runtime);
      const bad = newTicket();
      const neighbours = Array.from({ length: 40 }, newTicket);
      await bench.sendAll([{ ticketId: bad, sequence: 1 }, ...neighbours.slice(0, 20).map((ticketId) => ({ ticketId, sequence: 1 }))]);
      await until('the first event', async () => (await bench.seen(bad)).length === 1);
      await bench.sendAll([
        { ticketId: bad, sequence: 2, order: { fault } },
        ...neighbours.map((ticketId) => ({ ticketId, sequence: 2 })),
        { ticketId: bad, sequence: 3 },
      ]);
      await until('neighbours', async () => (await bench.rows('select 1 from ticket where not parked')).length === 40);
      await bench.send(bad, 4);
      await bench.sendCommand(order(bad, 'over Kafka'));
      await until('four wait', async () => (await bench.rows('select 1 from parked')).length === 4);
      expect(await bench.seen(bad)).toEqual(['e1.1']);
      await expect(runtime.reactor.command(order(bad, 'by a person'))).rejects.toMatchObject({ code: 'ticket-parked', status: 409 });
      expect(await runtime.parking.list()).toEqual([expect.objectContaining({ ticketId: bad, waiting: 4, errorCode: code })]);

      // Still the same release: nothing moves, nothing is lost.
      expect(await runtime.parking.replay(bad)).toMatchObject({ replayed: 0, remaining: 4, error: { code } });
      faults.healed = true;
      expect(await runtime.parking.replay(bad)).toEqual({ ticketId: bad, replayed: 4, remaining: 0 });
      expect(await bench.seen(bad)).toEqual(['e1.1', 'e1.2', 'e1.3', 'e1.4', 'c:over Kafka']);
      await bench.send(bad, 5);
      await until('flows again', async () => (await bench.seen(bad)).at(-1) === 'e1.5');
      await expect(runtime.parking.replay(bad)).rejects.toMatchObject({ code: 'nothing-parked' });
      await until('outbox empty', async () => (await bench.rows('select 1 from outbox')).length === 0);
      const sequences = (await bench.said()).filter((event) => event.ticketId === bad).map((event) => event.sequence);
      expect(sequences).toEqual([1, 2, 3, 4, 5, 6]);
    }, 40_000);
  });

  it('parks an unknown version as retryable', async () => {
    const runtime = await bench.runtime();
    bench.read(runtime);
    const ticket = newTicket();
    await bench.produce([
      {
        key: ticket,
        value: '{}',
        partition: 0,
        headers: {
          ce_specversion: '1.0',
          ce_id: '1',
          ce_source: '/paidan/intake',
          ce_type: 'paidan.ticket.registered.v99',
          ce_subject: ticket,
          ce_time: new Date().toISOString(),
          ce_sequence: '1',
          ce_epoch: '1',
          'content-type': 'application/json',
        },
      },
    ]);
    await until('parked', async () => (await runtime.parking.count()) === 1);
    expect((await runtime.parking.list())[0]).toMatchObject({ ticketId: ticket, errorCode: 'unknown-version' });
  });

  it('timers of a parked ticket wait and fire after the replay', async () => {
    const clock = manualClock();
    const runtime = await bench.runtime({ clock });
    runtime.start();
    bench.read(runtime);
    const ticket = newTicket();
    await bench.send(ticket, 1, { timerAt: clock.now() + 1_000 });
    await bench.send(ticket, 2, { fault: 'throw' });
    await until('parked', async () => (await runtime.parking.count()) === 1);
    clock.advance(2_000);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(await bench.seen(ticket)).toEqual(['e1.1']);
    faults.healed = true;
    await runtime.parking.replay(ticket);
    expect(await bench.seen(ticket)).toEqual(['e1.1', 'e1.2', 't:alarm']);
  });

  it('a ticket whose timer can’t be decided stays listed, however often it is replayed, until it can', async () => {
    const clock = manualClock();
    const runtime = await bench.runtime({ clock });
    runtime.start();
    bench.read(runtime);
    const ticket = newTicket();
    await bench.send(ticket, 1, { timerAt: clock.now() + 1_000 });
    await until('armed', async () => (await bench.seen(ticket)).length === 1);
    faults.timers = true;
    clock.advance(2_000);
    await until('parked', async () => (await runtime.parking.count()) === 1);
    await bench.send(ticket, 2);
    await until('two wait', async () => (await runtime.parking.list())[0]?.waiting === 2);
    for (let again = 0; again < 2; again += 1) {
      expect(await runtime.parking.replay(ticket)).toMatchObject({ replayed: 0, remaining: 2, error: { code: 'bug' } });
      expect(await runtime.parking.list()).toMatchObject([{ ticketId: ticket, waiting: 2, errorCode: 'bug' }]);
    }
    faults.healed = true;
    expect(await runtime.parking.replay(ticket)).toEqual({ ticketId: ticket, replayed: 2, remaining: 0 });
    expect(await bench.seen(ticket)).toEqual(['e1.1', 't:alarm', 'e1.2']);
    expect(await bench.rows('select parked from ticket')).toEqual([{ parked: false }]);
  });

  it('halts the partitions instead when more than 20 tickets a minute fail alike, and loses nothing', async () => {
    const runtime = await bench.runtime();
    const consumer = bench.read(runtime);
    const tickets = Array.from({ length: 60 }, newTicket);
    await bench.sendAll(tickets.map((ticketId) => ({ ticketId, sequence: 1, order: { fault: 'throw' as const } })));
    await until('halted', () => consumer.state.halted.length > 0);
    expect(consumer.state.halted[0]?.error.code).toBe('partition-halted');
    expect((await runtime.health()).degraded.join()).toMatch(/bad release/);
    expect(await runtime.parking.count()).toBeLessThanOrEqual(20);
    await runtime.stop();
    // The mended release.
    faults.healed = true;
    const mended = await bench.runtime();
    bench.read(mended);
    await until(
      'the rest',
      async () => (await bench.rows('select 1 from ticket where record is not null')).length + (await mended.parking.count()) === 60,
    );
    for (const { ticketId } of await mended.parking.list()) await mended.parking.replay(ticketId);
    expect((await bench.rows(`select 1 from ticket where json_array_length(record -> 'seen') = 1`)).length).toBe(60);
  }, 40_000);
});
