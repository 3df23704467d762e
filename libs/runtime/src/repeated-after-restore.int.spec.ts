import { copySchema } from '@paidan/local';
import { until } from '@paidan/testing';
import { sees, startTally } from './restored.kit.js';
import { Bench, newTicket, type Order, type TallyCommand } from './runtime.kit.js';

/** A command took effect and its word reached the log; the schema that remembered its id is lost, and its sender, who heard nothing, repeats it. */
describe('a command repeated to a restored schema', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await Bench.open();
  });
  afterEach(() => bench.close());

  const commandOf = (ticketId: string, payload: Order): TallyCommand => ({
    ...{ commandId: newTicket(), name: 'order', ticketId, payload },
    actor: { kind: 'person', subject: 'p', roles: [] },
  });

  it('gets the answer that it got, and has no second effect', async () => {
    const [ticket, other] = [newTicket(), newTicket()];
    const first = await startTally(bench);
    await bench.send(ticket, 1);
    await sees(bench, ticket, 'e1.1');
    await bench.send(other, 1);
    await sees(bench, other, 'e1.1');
    const backUp = await copySchema(bench.superuserUrl, 'dispatch');

    const command = commandOf(ticket, { note: 'a' });
    const next = commandOf(ticket, { note: 'b' });
    const refused = commandOf(ticket, { needs: 'c' });
    const unrepeatable: TallyCommand = { ...commandOf(ticket, { note: 'c' }), oneOff: true };
    const answers = [await first.reactor.command(command), await first.reactor.command(next)];
    expect(answers).toEqual([
      { accepted: true, answer: { count: 2 } },
      { accepted: true, answer: { count: 3 } },
    ]);
    expect(await first.reactor.command(refused)).toMatchObject({ accepted: false });
    await first.reactor.command(unrepeatable);
    await until('sent', async () => (await bench.rows('select 1 from outbox')).length === 0);
    await first.stop();

    await backUp.restore();
    await bench.rows('select schema_restored()');
    const again = await startTally(bench);
    await until('restored', () => !again.restoration.isUnderWay, 30_000);
    await sees(bench, ticket, 'e1.1,c:a,c:b,c:c');

    expect([await again.reactor.command(command), await again.reactor.command(next)]).toEqual(answers);
    expect(await bench.seen(ticket)).toEqual(['e1.1', 'c:a', 'c:b', 'c:c']);
    // What had no effect is not remembered, nor is what nobody can repeat.
    const known = await bench.rows<{ command_id: string }>('select command_id from command');
    expect(known.map(({ command_id: id }) => id).sort()).toEqual([command.commandId, next.commandId].sort());
    expect(await again.reactor.command(refused)).toMatchObject({ accepted: false, reason: 'not-yet' });
    // An id that was given to this ticket says nothing of another.
    expect(await again.reactor.command({ ...command, ticketId: other })).toEqual({ accepted: false, reason: 'command-id-reused' });
    const kept = await bench.rows<{ causation_id: string | null }>(
      'select causation_id from outbox_kept where ticket_id = $1 order by sequence',
      [ticket],
    );
    expect(kept.map(({ causation_id: id }) => id)).toEqual([null, command.commandId, next.commandId, null]);
  }, 60_000);
});
