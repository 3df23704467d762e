import { until } from '@paidan/testing';
import { setTimeout as delay } from 'node:timers/promises';
import { manualClock } from '../clock.js';
import { Bench, faults, newTicket } from '../runtime.kit.js';

const HOUR = 3_600_000;

describe('timers', () => {
  let bench: Bench;
  beforeEach(async () => {
    faults.healed = false;
    bench = await Bench.open();
  });
  afterEach(() => bench.close());

  const arm = (ticketId: string, timerAt: number) => ({
    commandId: newTicket(),
    name: 'order' as const,
    ticketId,
    actor: { kind: 'person' as const, subject: 'p', roles: [] },
    payload: { note: 'arm', timerAt },
  });

  it('fires when due, once, by the clock that is handed in', async () => {
    const clock = manualClock();
    const runtime = await bench.runtime({ clock });
    runtime.start();
    const ticket = newTicket();
    await runtime.reactor.command(arm(ticket, clock.now() + HOUR));
    await delay(1_200);
    expect(await bench.seen(ticket)).toEqual(['c:arm']);
    clock.advance(HOUR + 1);
    await until('fired', async () => (await bench.seen(ticket)).length === 2);
    await delay(1_500); // the scan looks a minute back each time
    expect(await bench.seen(ticket)).toEqual(['c:arm', 't:alarm']);
  });

  it('decides a timer that is due when armed in the same fold', async () => {
    const clock = manualClock();
    const runtime = await bench.runtime({ clock });
    const ticket = newTicket();
    await runtime.reactor.command(arm(ticket, clock.now() - HOUR));
    expect(await bench.seen(ticket)).toEqual(['c:arm', 't:alarm']);
    expect(await bench.rows('select 1 from timer')).toEqual([]);
  });

  it('a timer that commits after the scan has passed its instant still fires', async () => {
    const clock = manualClock();
    const runtime = await bench.runtime({ clock });
    runtime.start();
    const ticket = newTicket();
    // The row as a slow transaction leaves it: due 20 s before where the scan has got to.
    await bench.rows(`update timer_shard set position = $1`, [new Date(clock.now())]);
    await bench.rows(`select ensure_timer_day($1::date)`, [new Date(clock.now() - 20_000)]);
    const due = clock.now() - 20_000;
    await bench.rows(
      `insert into ticket values ($1, 1, '{}', json_build_object('alarm', json_build_object('version', 1, 'dueAt', $2::bigint)), 1, false, '{"seen":[],"note":""}')`,
      [ticket, due],
    );
    await bench.rows(`insert into timer values (${Number.parseInt(ticket.slice(-2), 16) % 8}, $1, $2, 'alarm', 1)`, [
      new Date(due),
      ticket,
    ]);
    await until('fired', async () => (await bench.seen(ticket)).length === 1);
    expect(await bench.seen(ticket)).toEqual(['t:alarm']);
  });

  it('a stale version does not fire: disarmed, or armed anew for later', async () => {
    const clock = manualClock();
    const runtime = await bench.runtime({ clock });
    runtime.start();
    const [moved, disarmed] = [newTicket(), newTicket()];
    await runtime.reactor.command(arm(moved, clock.now() + HOUR));
    await runtime.reactor.command(arm(moved, clock.now() + 3 * HOUR));
    await runtime.reactor.command(arm(disarmed, clock.now() + HOUR));
    await runtime.reactor.command({ ...arm(disarmed, 0), payload: { note: 'disarm', disarm: true } });
    clock.advance(2 * HOUR);
    await delay(1_500);
    expect(await bench.seen(moved)).toEqual(['c:arm', 'c:arm']);
    expect(await bench.seen(disarmed)).toEqual(['c:arm', 'c:disarm']);
    clock.advance(2 * HOUR);
    await until('the one armed anew', async () => (await bench.seen(moved)).at(-1) === 't:alarm');
  });

  it('drains a herd on one instant across pages, with two replicas at once, each timer once', async () => {
    const clock = manualClock();
    const due = new Date(clock.now() + HOUR);
    const runtime = await bench.runtime({ clock });
    await bench.rows(`select ensure_timer_day($1::date)`, [due]);
    await bench.rows(
      `insert into ticket select gen_random_uuid(), 1, '{}', json_build_object('alarm', json_build_object('version', 1, 'dueAt', $1::bigint)), 1, false, '{"seen":[],"note":""}' from generate_series(1, 11000)`,
      [due.getTime()],
    );
    await bench.rows(
      `insert into timer select ('x' || right(ticket_id::text, 2))::bit(8)::integer % 8, $1, ticket_id, 'alarm', 1 from ticket`,
      [due],
    );
    const other = await bench.runtime({ clock });
    clock.advance(HOUR + 1);
    runtime.start();
    other.start();
    await until(
      'the whole herd',
      async () => (await bench.rows<{ n: string }>(`select count(*) n from ticket where timers::text = '{}'`))[0]?.n === '11000',
      60_000,
    );
    expect((await bench.rows(`select 1 from ticket where json_array_length(record -> 'seen') <> 1`)).length).toBe(0);
  }, 80_000);
});
