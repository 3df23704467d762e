import { copySchema } from '@paidan/local';
import { until } from '@paidan/testing';
import type { Change } from './reactor/service.js';
import { labelOf, order, recall, sees, startTally } from './restored.kit.js';
import { Bench, newTicket, type Tally, type TallyCommand } from './runtime.kit.js';

/** A schema that is put back to what it was, while the log has gone on. */
describe('a schema restored from a back-up', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await Bench.open();
  });
  afterEach(() => bench.close());

  const start = (definition?: object) => startTally(bench, definition);
  const said = async (...ticketIds: readonly string[]) => {
    const all = await bench.said();
    return ticketIds.map((id) => all.flatMap((one) => (one.ticketId === id ? [`${one.epoch}.${one.sequence} ${one.payload.label}`] : [])));
  };
  const seen = (ticketId: string, labels: string) => sees(bench, ticketId, labels);
  const allSent = () => until('sent', async () => (await bench.rows('select 1 from outbox')).length === 0);

  it('learns from the log what it said, says what nobody heard, and goes on under a new epoch with its numbers', async () => {
    const [known, later, hurt] = [newTicket(), newTicket(), newTicket()];
    const first = await start();
    await bench.send(known, 1);
    await seen(known, 'e1.1');
    await allSent();
    const backUp = await copySchema(bench.superuserUrl, 'dispatch');

    await order(first, known, { note: 'a' });
    await bench.send(known, 2);
    await seen(known, 'e1.1,c:a,e1.2');
    await order(first, known, { note: 'b' });
    await bench.send(later, 1);
    await order(first, later, { note: 'c', timerAt: Date.now() + 600_000 });
    await bench.send(hurt, 1);
    await seen(hurt, 'e1.1');
    await allSent();
    await first.stop();
    // Nobody is there to hear it.
    await bench.send(known, 3);
    await bench.send(hurt, 2, { quiet: true });

    await backUp.restore();
    await bench.rows('select schema_restored()');
    const told: string[] = [];
    const again = await start({
      recall,
      write: (_tx: unknown, changes: readonly Change<Tally, TallyCommand>[]) => {
        for (const { ticketId, messages, recalled } of changes.filter((change) => change.ticketId === known))
          for (let heard = 0; heard <= messages.length; heard += 1) {
            told.push(...recalled.filter(({ after }) => after === heard).map((word) => `said ${labelOf(word)}`));
            const message = messages[heard];
            if (message?.kind === 'event') told.push(`heard e${message.event.epoch}.${message.event.sequence}`);
            else if (message !== undefined) told.push(`${ticketId}: ${message.kind}`);
          }
      },
    });
    await expect(order(again, known, { note: 'too early' })).rejects.toMatchObject({ code: 'restoring', status: 503 });
    expect((await again.health()).restoring).toMatch(/^restoring: /);
    await until('restored', () => !again.restoration.isUnderWay, 30_000);
    await seen(known, 'e1.1,c:a,e1.2,c:b,e1.3');
    // In the order of the log, whatever came in one batch; an attempt that did not commit was told as well.
    expect(told.slice(-5)).toEqual(['said c:a', 'heard e1.2', 'said e1.2', 'said c:b', 'heard e1.3']);
    // Which of the two came first, nothing tells but that the word lies behind the event.
    expect([...(await bench.seen(later))].sort()).toEqual(['c:c', 'e1.1']);
    expect(await bench.seen(hurt)).toEqual(['e1.1', 'e1.2']);
    expect(again.epoch).toBe(2);
    await order(again, later, { note: 'd' });
    await allSent();
    const [ofKnown, ofLater] = await said(known, later);
    expect(ofKnown).toEqual(['1.1 e1.1', '1.2 c:a', '1.3 e1.2', '1.4 c:b', '2.5 e1.3']);
    expect(ofLater?.at(-1)).toBe('2.3 c:d');
    expect(await again.restoration.last()).toMatchObject({ told: true, endedAt: expect.any(Date), recalled: 6, unfolded: 0, saidAnew: 1 });
    // What was recalled is kept as what was said, in its order, for a log that is lost.
    const kept = await bench.rows<{ sequence: number }>('select sequence from outbox_kept where ticket_id = $1 order by id', [known]);
    expect(kept.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
  }, 60_000);

  it('is found out by what Kafka was told; a release that cannot recall takes and says nothing', async () => {
    const ticket = newTicket();
    const first = await start();
    await bench.send(ticket, 1);
    await seen(ticket, 'e1.1');
    await allSent();
    const backUp = await copySchema(bench.superuserUrl, 'dispatch');
    await bench.send(ticket, 2, { noticeTo: bench.topic });
    await seen(ticket, 'e1.1,e1.2');
    await until(
      'told',
      async () => (await first.client.told(`paidan.dispatch.${bench.topic}`, [bench.topic])).some(({ offset }) => offset >= 3),
      20_000,
    );
    await first.stop();
    await backUp.restore();

    const unable = await bench.runtime({ definition: {} });
    unable.start();
    const reader = bench.read(unable);
    await expect(order(unable, ticket, {})).rejects.toMatchObject({ code: 'restoring', message: expect.stringContaining('cannot fold') });
    expect((await unable.health()).restoring).toContain('cannot fold');
    await until('it has what it would handle', () => reader.state.lag > 0);
    expect(await bench.seen(ticket)).toEqual(['e1.1']);
    await unable.stop();

    const able = await start();
    await until('restored', () => !able.restoration.isUnderWay, 30_000);
    await seen(ticket, 'e1.1,e1.2');
    await allSent();
    expect(able.epoch).toBe(2);
    // Whoever stood there meanwhile has not told Kafka that nothing was handled.
    expect(await able.restoration.last()).toMatchObject({ told: false, recalled: 1, saidAnew: 0, noticesNotRepeated: 1 });
  }, 60_000);
});
