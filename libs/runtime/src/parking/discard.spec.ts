import { encodeHeaders, type Envelope } from '@paidan/contracts';
import type { Command } from '../reactor/decision.js';
import type { LogRecord } from '../kafka/log-record.js';
import { newRow, type TicketRow } from '../reactor/row.js';
import type { Decoded } from '../reactor/work.js';
import { disarmed, markedAs, refusalsOf, saidOf, type Said } from './discard.js';
import { showRecord, type Reading } from './show-record.js';

const TICKET = '019aa000-0000-7000-8000-000000000001';
const ANOTHER = '019aa000-0000-7000-8000-000000000002';

const reading = (found: Decoded<Command> = { kind: 'skip' }): Reading<Command> => ({ ticketsTopic: 'paidan.tickets', decode: () => found });
const record = (headers: Partial<Envelope> | Record<string, string>, topic = 'paidan.tickets'): LogRecord => ({
  topic,
  partition: 3,
  offset: 17,
  key: Buffer.from('13800138000'),
  value: Buffer.from('{"text":"13800138000"}'),
  headers: {
    ...encodeHeaders({
      id: '13800138000',
      source: '/paidan/dispatch',
      type: 'paidan.ticket.held.v1',
      subject: TICKET,
      time: '2026-11-22T09:00:00+08:00',
      sequence: 4,
      epoch: 2,
      ...(headers as Partial<Envelope>),
    }),
    ...(headers as Record<string, string>),
  },
  timestamp: 0,
});

describe('whose word a record is', () => {
  it.each<[string, LogRecord, Said | undefined]>([
    ['of dispatch', record({}), { service: 'dispatch', mark: [2, 4] }],
    ['of dispatch, in a version not known yet', record({ type: 'paidan.ticket.held.v9' }), { service: 'dispatch', mark: [2, 4] }],
    ['about another ticket', record({ subject: ANOTHER }), undefined],
    ['of a service that may not say it', record({ source: '/paidan/intake' }), undefined],
    ['of nobody', record({ source: '/elsewhere' }), undefined],
    ['of a type nobody knows', record({ type: 'paidan.ticket.sung.v1' }), undefined],
    ['without a number', record({ ce_sequence: '0' }), undefined],
    ['on a stranger’s own topic, with our headers', record({}, 'paidan.commands.city-water'), undefined],
  ])('%s', (_, given, expected) => {
    expect(saidOf(reading(), TICKET, given)).toEqual(expected);
  });
});

describe('what an operator is shown', () => {
  const place = { topic: 'paidan.tickets', partition: 3, offset: 17 };
  it('is names and numbers, and nothing that anybody wrote', () => {
    const time = '2026-11-22T01:00:00.000Z';
    const said = { service: 'dispatch', epoch: 2, sequence: 4 };
    expect(showRecord(reading(), record({}))).toEqual({ ...place, type: 'paidan.ticket.held.v1', said, time });
    expect(showRecord(reading(), record({ type: 'paidan.ticket.held.v9' }))).toEqual({
      ...place,
      type: 'paidan.ticket.held.v9',
      said,
      time,
    });
    for (const forged of [{ type: '13800138000' }, { type: 'paidan.ticket.13800138000.v1' }])
      expect(showRecord(reading(), record(forged))).toEqual({ ...place, type: 'unknown', time });
    expect(showRecord(reading(), record({ time: 'call 13800138000' }))).toEqual({ ...place, type: 'paidan.ticket.held.v1' });
  });

  it('of a command is its name, whatever headers its sender has put there', () => {
    const command = {
      commandId: TICKET,
      name: 'sign',
      ticketId: TICKET,
      actor: { kind: 'unit', subject: 'x', roles: [] },
      payload: {},
    } as const;
    const decoded = { kind: 'message', ticketId: TICKET, message: { kind: 'command', command } } as const;
    const topic = 'paidan.commands.city-water';
    expect(showRecord(reading(decoded), record({}, topic))).toEqual({ ...place, topic, type: 'command sign' });
  });

  it('of a timer is its name', () => {
    const topic = `@timer/${TICKET}/return-window`;
    expect(showRecord(reading(), { ...record({}, topic), headers: {} })).toEqual({ ...place, topic, type: 'timer return-window' });
  });

  it('is told of a record whose decoder throws', () => {
    const throwing: Reading<Command> = {
      ticketsTopic: 'paidan.tickets',
      decode: () => {
        throw new Error('13800138000');
      },
    };
    expect(showRecord(throwing, record({ type: 'x' }))).toMatchObject({ ...place, type: 'unknown' });
    expect(refusalsOf(throwing, undefined, record({}))).toEqual([]);
  });
});

describe('the number of a word that is thrown away', () => {
  const row: TicketRow<null> = { ...newRow<null>('t'), handled: { dispatch: [1, 3], intake: [1, 1] } };
  const said = (sequence: number, epoch = 1): Said => ({ service: 'dispatch', mark: [epoch, sequence] });

  it('counts as handled', () => {
    expect(markedAs(row, said(4), []).handled).toEqual({ dispatch: [1, 4], intake: [1, 1] });
    expect(markedAs(row, said(1, 2), [])).toMatchObject({ handled: { dispatch: [2, 1] } });
    // What others say, what comes later, and its own repetitions lose nothing by it.
    const behind = [said(5), said(4), said(2), { service: 'feedback', mark: [1, 1] } as const];
    expect(markedAs(row, said(4), behind).handled['dispatch']).toEqual([1, 4]);
  });

  it('counts for nothing where lower ones wait behind it: they would be passed over', () => {
    expect(markedAs(row, said(1_000), [said(4)])).toBe(row);
    expect(markedAs(row, said(1, 9), [said(4)])).toBe(row);
  });

  it('is handled already', () => {
    expect(markedAs(row, said(3), [])).toBe(row);
  });
});

it('disarms a timer, unless it has been armed anew', () => {
  const row: TicketRow<null> = { ...newRow<null>('t'), timers: { a: { version: 2, dueAt: 1 }, b: { version: 3, dueAt: 1 } } };
  expect(disarmed(row, { name: 'a', version: 2 }).timers).toEqual({ b: { version: 3, dueAt: 1 } });
  expect(disarmed(row, { name: 'a', version: 1 })).toBe(row);
});
