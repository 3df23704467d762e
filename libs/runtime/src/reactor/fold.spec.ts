import type { TicketEvent } from '@paidan/contracts';
import type { Command, Decide, Decision } from './decision.js';
import { foldMessage, foldTimer } from './fold.js';
import { isHandled, newRow, type TicketRow } from './row.js';

type Log = readonly string[];
const context = { now: 1_000, facts: null, newId: () => 'id' };
const event = (sequence: number, epoch = 1, service = 'intake') =>
  ({
    kind: 'event',
    event: { name: 'ticket.registered', service, ticketId: 't', epoch, sequence, time: '', payload: {}, id: '' } as unknown as TicketEvent,
  }) as const;
const saying =
  (timers: Decision<Log>['timers'] = []): Decide<Log, null> =>
  (record, message) => ({
    record: [...(record ?? []), message.kind === 'timer' ? `timer ${message.timer.name}` : message.kind],
    events: [{ name: 'ticket.held', payload: {} } as never],
    timers: message.kind === 'timer' ? [] : timers,
    ...(message.kind === 'command' && { outcome: { accepted: true } }),
  });

describe('the fold', () => {
  it('given an event not later than the last handled of its service, then nothing happens', () => {
    const row: TicketRow<Log> = { ...newRow<Log>('t'), handled: { intake: [2, 5] } };
    for (const [epoch, sequence] of [
      [2, 5],
      [2, 4],
      [1, 9],
    ] as const)
      expect(foldMessage(row, event(sequence, epoch), saying(), context)).toMatchObject({ changed: false, events: [] });
    expect(isHandled(row, event(1, 3).event)).toBe(false);
    expect(isHandled(row, event(6, 2).event)).toBe(false);
    expect(isHandled(row, event(1, 1, 'feedback').event)).toBe(false);
  });

  it('numbers what is said 1, 2, 3 … and marks what was handled', () => {
    const first = foldMessage(newRow<Log>('t'), event(1), saying(), context);
    const second = foldMessage(first.row, event(2), saying(), context);
    expect([...first.events, ...second.events].map((said) => said.sequence)).toEqual([1, 2]);
    expect(second.row).toMatchObject({ sequence: 2, handled: { intake: [1, 2] }, record: ['event', 'event'] });
  });

  it('marks an event that changes nothing, and leaves the record as it is', () => {
    const step = foldMessage(newRow<Log>('t'), event(4), () => undefined, context);
    expect(step).toMatchObject({ changed: true, row: { handled: { intake: [1, 4] }, record: undefined }, events: [] });
  });

  it('arms, replaces and disarms; only the armed version fires, and only once', () => {
    const armed = foldMessage(newRow<Log>('t'), event(1), saying([{ name: 'a', at: 5_000 }]), context).row;
    const again = foldMessage(armed, event(2), saying([{ name: 'a', at: 6_000 }]), context).row;
    expect(again.timers).toEqual({ a: { version: 2, dueAt: 6_000 } });
    const later = { ...context, now: 7_000 };
    expect(foldTimer(again, { name: 'a', version: 1 }, saying(), later).changed).toBe(false);
    const fired = foldTimer(again, { name: 'a', version: 2 }, saying(), later);
    expect(fired.row.record?.at(-1)).toBe('timer a');
    expect(foldTimer(fired.row, { name: 'a', version: 2 }, saying(), later).changed).toBe(false);
    const disarmed = foldMessage(again, event(3), saying([{ name: 'a', at: null }]), context).row;
    expect(disarmed.timers).toEqual({});
    expect(foldTimer(disarmed, { name: 'a', version: 2 }, saying(), later).changed).toBe(false);
  });

  it('a version is never given twice, even after the timer was disarmed', () => {
    let row = newRow<Log>('t');
    for (let i = 1; i <= 3; i += 1) {
      row = foldMessage(row, event(2 * i - 1), saying([{ name: 'a', at: 9_000 }]), context).row;
      expect(row.timers['a']?.version).toBe(i);
      row = foldMessage(row, event(2 * i), saying([{ name: 'a', at: null }]), context).row;
    }
  });

  it('decides timers already due in the same fold, earliest first', () => {
    const step = foldMessage(
      newRow<Log>('t'),
      event(1),
      saying([
        { name: 'late', at: 900 },
        { name: 'early', at: 100 },
        { name: 'not yet', at: 1_001 },
      ]),
      context,
    );
    expect(step.row.record).toEqual(['event', 'timer early', 'timer late']);
    expect(step.events.map((said) => said.sequence)).toEqual([1, 2, 3]);
    expect(Object.keys(step.row.timers)).toEqual(['not yet']);
  });

  it('a timer that arms itself for the past for ever is an error, not a hang', () => {
    const looping: Decide<Log, null> = (record) => ({ record: record ?? [], timers: [{ name: 'a', at: 0 }] });
    expect(() => foldMessage(newRow<Log>('t'), event(1), looping, context)).toThrow(
      expect.objectContaining({ code: 'timer-loop' }) as Error,
    );
  });

  it('a refused command leaves no trace but its notices', () => {
    const command = {
      kind: 'command',
      command: { commandId: 'c', name: 'x', ticketId: 't', actor: { kind: 'person', subject: 's', roles: [] }, payload: {} } as Command,
    } as const;
    const row: TicketRow<Log> = { ...newRow<Log>('t'), record: ['kept'] };
    const refusing: Decide<Log, null> = () => ({
      record: ['spoilt'],
      events: [{ name: 'ticket.held', payload: {} } as never],
      outcome: { accepted: false, reason: 'no' },
    });
    expect(foldMessage(row, command, refusing, context)).toMatchObject({
      changed: false,
      row: { record: ['kept'], sequence: 0 },
      events: [],
      outcome: { accepted: false },
    });
    expect(() => foldMessage(row, command, () => undefined, context)).toThrow(
      expect.objectContaining({ code: 'command-without-outcome' }) as Error,
    );
  });
});
