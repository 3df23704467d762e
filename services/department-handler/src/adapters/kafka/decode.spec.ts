import { commandsTopic, DIRECTORY_TOPIC, TICKETS_TOPIC, type AssignmentsMessage } from '@paidan/contracts';
import type { LogRecord } from '@paidan/runtime';
import { eventHeaders, recordOf } from '@paidan/runtime/log-record';
import { decodeFrom, TOPICS } from './decode.js';

const decode = decodeFrom(TOPICS);
const TICKET = '0193a3c2-5c00-7000-8000-000000000001';
const OTHER = '0193a3c2-5c00-7000-8000-000000000002';
const UNIT = 'city-roads';

const record = (topic: string, value: object | string | null, headers: Record<string, string> = {}): LogRecord =>
  recordOf({ topic, value, headers, key: TICKET, partition: 4, offset: 71 });
const headers = (type: string, change: Record<string, string> = {}) => ({
  ...eventHeaders({ source: '/paidan/dispatch', type, subject: TICKET }),
  ...change,
});
const released = { assignment: 1, unit: UNIT, reason: 'reassigned' };

describe('an event of the log', () => {
  it('that bears on the work is a message under its ticket', () => {
    const traced = { ce_traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
    expect(decode(record(TICKETS_TOPIC, released, headers('paidan.release.requested.v1', traced)))).toMatchObject({
      kind: 'message',
      ticketId: TICKET,
      message: { kind: 'event', event: { name: 'release.requested', payload: released } },
      traceparent: traced.ce_traceparent,
    });
  });

  it('that doesn’t is skipped, without a look at the rest of it', () => {
    for (const type of ['paidan.clock.stopped.v1', 'paidan.assignment.signed.v1', 'paidan.rating.received.v9'])
      expect(decode(record(TICKETS_TOPIC, '{', { ce_type: type }))).toEqual({ kind: 'skip' });
  });

  it('about a clock is the unit’s that has the assignment; the citizen’s own clock costs no row', () => {
    const clock = { clock: 'finish', span: { count: 5, unit: 'WD' }, startedAt: '2026-11-23T01:00:00Z', dueAt: '2026-11-30T10:00:00Z' };
    const started = { policy: { code: 'ordinary', version: 1 }, clocks: [clock] };
    const from = headers('paidan.clock.started.v1', { ce_source: '/paidan/sla-monitor' });
    const units = { ...started, assignment: 1, unit: UNIT };
    for (const payload of [units, { ...units, citizens: clock }])
      expect(decode(record(TICKETS_TOPIC, payload, from))).toMatchObject({ kind: 'message' });
    expect(decode(record(TICKETS_TOPIC, started, from))).toEqual({ kind: 'skip' });
  });
});

describe('a unit’s command', () => {
  const sign = { command: 'sign', commandId: OTHER.toUpperCase(), ticketId: TICKET, assignment: 1 };

  it('is the unit’s by its topic, and an officer’s where one is named', () => {
    expect(decode(record(commandsTopic(UNIT), sign))).toMatchObject({
      kind: 'message',
      ticketId: TICKET,
      message: {
        command: {
          commandId: OTHER,
          name: 'sign',
          actor: { kind: 'unit', subject: UNIT, unit: UNIT },
          payload: { unit: UNIT, assignment: 1 },
        },
      },
    });
    expect(decode(record(commandsTopic(UNIT), { ...sign, officer: 'li' }))).toMatchObject({
      message: { command: { actor: { subject: 'li', unit: UNIT } } },
    });
  });

  it('that can’t be read is put aside, and its sender told by what could be', () => {
    const told = (value: object | string | null): AssignmentsMessage => {
      const decoded = decode(record(commandsTopic(UNIT), value));
      if (decoded.kind !== 'quarantine') throw new Error(decoded.kind);
      expect(decoded.notices).toMatchObject([{ topic: `paidan.assignments.${UNIT}`, type: 'paidan.command.refused.v1' }]);
      return decoded.notices?.[0]?.payload as AssignmentsMessage;
    };
    expect(told('{"command":')).toMatchObject({
      reason: 'bad-json',
      position: { partition: 4, offset: '71' },
      detailZh: '消息不是有效的 JSON',
    });
    expect(told(null)).toMatchObject({ reason: 'bad-json' });
    expect(told({ ...sign, command: 'return' })).toMatchObject({
      reason: 'bad-shape',
      commandId: OTHER,
      ticketId: TICKET,
      command: 'return',
    });
    expect(told({ ...sign, unheard: 1 })).toMatchObject({ errors: [{ pointer: '/unheard' }] });
    expect(told({ ...sign, command: 'return', reason: 'duplicate', grounds: 'a\u0000b' })).toMatchObject({
      errors: [{ pointer: '/grounds' }],
    });
  });
});

describe('the directory', () => {
  const unit = {
    type: 'directory.unit',
    version: 1,
    code: UNIT,
    name: '市政局',
    aliases: [],
    level: 1,
    parent: null,
    kind: 'bureau',
    areas: [],
    integration: 'kafka',
    active: true,
  };

  it('belongs to no ticket', () => {
    for (const value of [
      unit,
      null,
      { type: 'directory.song', version: 1 },
      { type: 'directory.mailbox', version: 1, code: 'mayor', name: '市长信箱', unit: UNIT, active: true },
      { type: 'directory.responsibility', version: 1, matter: '0702', area: null, lead: UNIT, coHandlers: [] },
      { type: 'directory.published', version: 1, count: 1, hash: 'x' },
    ]) {
      expect(decode(record(DIRECTORY_TOPIC, value))).toEqual({ kind: 'skip' });
    }
  });

  it('with what Postgres would refuse for ever is put aside', () => {
    for (const wrong of [
      { name: 'a\u0000b' },
      { level: 70_000 },
      { code: 'Not A Code' },
      { parent: 'ä' },
      { integration: 1 },
      { version: 1e300 },
    ]) {
      expect(decode(record(DIRECTORY_TOPIC, { ...unit, ...wrong }))).toMatchObject({ kind: 'quarantine', reason: 'schema' });
    }
    const marker = { type: 'directory.published', version: 2 ** 60, count: 1, hash: 'x' };
    expect(decode(record(DIRECTORY_TOPIC, marker))).toMatchObject({ kind: 'quarantine', reason: 'schema' });
    expect(decode(record(DIRECTORY_TOPIC, { type: 'command.accepted' }))).toMatchObject({ kind: 'quarantine' });
    expect(decode(record('paidan.receipts.web', {}))).toMatchObject({ kind: 'quarantine', reason: 'foreign-topic' });
  });
});
