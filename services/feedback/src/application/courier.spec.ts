import { REPLY_CALLBACK } from '@paidan/contracts';
import { noLog, noMetrics, RuntimeError, type Outcome } from '@paidan/runtime';
import { Courier, type Claimed, type CourierParts, type DeliveryQueue, type Posted } from './courier.js';
import { RETRY_PAUSES } from './retry-schedule.js';

const HOUR = 3_600_000;
const FAILED: Posted = { ok: false, failure: 'status', detail: 'answered 500' };

type Row = Claimed & { state: Claimed['state']; attempts: number; nextAt: number; error?: string };

/** The queue's table in memory. */
class MemoryQueue implements DeliveryQueue {
  readonly rows: Row[] = [];
  add(ticketId: string, channel = 'web', queuedAt = 0): void {
    this.rows.push({ ticketId, round: 1, channel, state: 'queued', attempts: 0, queuedAt, nextAt: queuedAt });
  }
  async claim(room: ReadonlyMap<string, number>, most: number, now: number, leaseUntil: number): Promise<Claimed[]> {
    const due = [...room].flatMap(([channel, here]) =>
      this.rows.filter((row) => row.channel === channel && row.state !== 'kept' && row.nextAt <= now).slice(0, here),
    );
    return due
      .sort((a, b) => a.nextAt - b.nextAt)
      .slice(0, most)
      .map((row) => ({ ...Object.assign(row, { nextAt: leaseUntil, attempts: row.attempts + (row.state === 'queued' ? 1 : 0) }) }));
  }
  private row({ ticketId }: Claimed): Row {
    const found = this.rows.find((row) => row.ticketId === ticketId);
    if (found === undefined) throw new Error(`no delivery of ${ticketId}`);
    return found;
  }
  async pushed(claimed: Claimed): Promise<void> {
    this.row(claimed).state = 'pushed';
  }
  async again(claimed: Claimed, nextAt: number, error: string): Promise<void> {
    Object.assign(this.row(claimed), { nextAt, error });
  }
  async keep(claimed: Claimed, error: string): Promise<void> {
    Object.assign(this.row(claimed), { state: 'kept', error });
  }
  async drop(claimed: Claimed): Promise<void> {
    this.rows.splice(this.rows.indexOf(this.row(claimed)), 1);
  }
  async keepOthers(channels: readonly string[]): Promise<number> {
    return this.rows.filter((row) => !channels.includes(row.channel)).map((row) => (row.state = 'kept')).length;
  }
}

const scene = (answers: (at: number, id: string) => Posted | Promise<Posted>, parts: Partial<CourierParts> = {}) => {
  const queue = new MemoryQueue();
  const posts: { at: number; id: string; body: string }[] = [];
  const arrived: Claimed[] = [];
  let now = 0;
  const courier = new Courier({
    queue,
    channels: () => ['web', 'app'],
    letter: async (ticketId, round) => ({
      type: REPLY_CALLBACK,
      timestamp: '2026-11-23T01:00:00.000Z',
      data: { ticketId, number: '20261123-000001', round, text: '路灯已修复' },
    }),
    post: async (_channel, id, body) => {
      posts.push({ at: now, id, body });
      return answers(now, id);
    },
    arrived: async (claimed): Promise<Outcome> => {
      arrived.push(claimed);
      await queue.drop(claimed);
      return { accepted: true };
    },
    schedule: { ...RETRY_PAUSES, giveUpAfter: 72 * HOUR },
    now: () => now,
    random: () => 0.5,
    log: noLog,
    metrics: noMetrics,
    ...parts,
  });
  /** Lets time pass from one due instant to the next. */
  const until = async (end: number): Promise<void> => {
    for (;;) {
      await courier.drain();
      const next = Math.min(...queue.rows.filter(({ state }) => state !== 'kept').map(({ nextAt }) => nextAt));
      if (next > end) break;
      now = Math.max(now, next);
    }
    now = end;
  };
  return { courier, queue, posts, arrived, until };
};

describe('a call-back that answers 500 for an hour', () => {
  it('is tried ever more seldom under one id and with one body, and has the reply within a quarter of an hour of its return', async () => {
    const { queue, posts, arrived, until } = scene((at) => (at < HOUR ? FAILED : { ok: true }));
    queue.add('t1');
    await until(HOUR + 16 * 60_000);
    expect(posts.map(({ at }) => at / 1_000)).toEqual([0, 5, 15, 35, 75, 155, 315, 635, 1_275, 2_175, 3_075, 3_975]);
    expect(new Set(posts.map(({ id }) => id))).toEqual(new Set(['t1.1']));
    expect(new Set(posts.map(({ body }) => body)).size).toBe(1);
    expect(arrived).toMatchObject([{ ticketId: 't1', attempts: 12 }]);
    expect(queue.rows).toEqual([]);
  });

  it('for three days is given up then, and the reply is kept', async () => {
    const { queue, posts, arrived, until } = scene(() => FAILED);
    queue.add('t1');
    await until(80 * HOUR);
    expect(queue.rows).toMatchObject([{ state: 'kept', error: 'status: answered 500' }]);
    expect(posts.at(-1)?.at).toBe(72 * HOUR);
    expect(posts.length).toBeLessThan(320);
    expect(arrived).toEqual([]);
  });

  it('or never again (410), is believed at once', async () => {
    const { queue, posts, until } = scene(() => ({ ok: false, failure: 'gone', detail: 'answered 410' }));
    queue.add('t1');
    await until(HOUR);
    expect([posts.length, queue.rows[0]?.state]).toEqual([1, 'kept']);
  });
});

describe('the courier', () => {
  it('lets a channel that does not answer hold up nobody else', async () => {
    const held: (() => void)[] = [];
    const { courier, queue, posts } = scene((_, id) =>
      id.startsWith('slow') ? new Promise((resolve) => held.push(() => resolve(FAILED))) : { ok: true },
    );
    for (let i = 0; i < 40; i += 1) queue.add(`slow${i}`, 'web');
    for (let i = 0; i < 40; i += 1) queue.add(`quick${i}`, 'app');
    courier.start();
    while (queue.rows.some(({ channel }) => channel === 'app')) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(posts.filter(({ id }) => id.startsWith('slow'))).toHaveLength(4);
    const stopping = courier.stop();
    for (const let_go of held) let_go();
    await stopping;
    expect(posts).toHaveLength(44);
  });

  it('serves every channel of a city that has many', async () => {
    const channels = Array.from({ length: 30 }, (_, n) => `channel-${n}`);
    const { courier, queue, arrived } = scene(() => ({ ok: true }), { channels: () => channels });
    for (const channel of channels) queue.add(`t-${channel}`, channel);
    queue.add('alone', 'channel-29');
    await courier.drain();
    expect(new Set(arrived.map(({ channel }) => channel))).toEqual(new Set(channels));
    queue.add('later', 'channel-17');
    await courier.drain();
    expect(arrived.at(-1)).toMatchObject({ ticketId: 'later' });
  });

  it('does not post again what the channel has but the ticket could not be told', async () => {
    let parked = true;
    const told: Claimed[] = [];
    const { queue, posts, until } = scene(() => ({ ok: true }), {
      arrived: async (claimed) => {
        told.push(claimed);
        if (parked) throw new RuntimeError('ticket-parked', 'parked');
        return { accepted: false, reason: 'not-waiting' };
      },
    });
    queue.add('t1');
    await until(90_000);
    parked = false;
    await until(300_000);
    expect([posts.length, told.length, queue.rows]).toEqual([1, 3, []]);
  });

  it('drops a reply that is not waiting any more, and tries again what can’t be read', async () => {
    const gone = scene(() => ({ ok: true }), { letter: async () => undefined });
    gone.queue.add('t1');
    await gone.until(1_000);
    expect([gone.posts, gone.queue.rows]).toEqual([[], []]);

    const sealed = scene(() => ({ ok: true }), {
      letter: async () => {
        throw new Error('no content key k9');
      },
    });
    sealed.queue.add('t1');
    await sealed.until(1_000);
    expect(sealed.queue.rows).toMatchObject([{ state: 'queued', attempts: 1, error: 'text: no content key k9' }]);
  });

  it('keeps what was queued for a channel that has lost its call-back', async () => {
    const { queue, posts, until } = scene(() => ({ ok: true }));
    queue.add('t1', 'retired');
    await until(1_000);
    expect([posts, queue.rows[0]?.state]).toEqual([[], 'kept']);
  });
});
