import { decodeEvent, eventProblems } from './decode.js';
import { encodeHeaders, eventType, parseWireType, traceparentOf, type Envelope } from './envelope.js';
import { EVENTS, type EventPayload } from './events.js';
import { structureProblems } from './validators.js';

const signed: EventPayload<'assignment.signed'> = { assignment: 1, unit: 'chengguan', officer: 'u-17' };

const envelope: Envelope = {
  id: '0193a3c2-5c00-7000-8000-000000000001/1/3',
  source: '/paidan/department-handler',
  type: eventType('assignment.signed'),
  subject: '0193a3c2-5c00-7000-8000-000000000001',
  time: '2026-11-22T02:00:00.000Z',
  sequence: 3,
  epoch: 1,
};

const decode = (change: Partial<Envelope> = {}, payload: unknown = signed, drop: string[] = []) => {
  const headers = Object.fromEntries(
    Object.entries(encodeHeaders({ ...envelope, ...change }))
      .filter(([name]) => !drop.includes(name))
      .map(([name, value]) => [name, Buffer.from(value)]),
  );
  return decodeEvent(headers, typeof payload === 'string' ? payload : Buffer.from(JSON.stringify(payload)));
};

describe('decodeEvent', () => {
  it('gives the event that was encoded', () => {
    expect(decode({ traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' })).toEqual({
      ok: true,
      event: {
        name: 'assignment.signed',
        service: 'department-handler',
        ticketId: envelope.subject,
        epoch: 1,
        sequence: 3,
        time: envelope.time,
        payload: signed,
        id: envelope.id,
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      },
    });
  });

  it('tells what is to be skipped from what is to be parked', () => {
    expect(decode({ type: 'paidan.moon.landed.v1' })).toMatchObject({ ok: false, reason: 'unknown-type' });
    expect(decode({ type: 'com.example.thing' })).toMatchObject({ ok: false, reason: 'unknown-type' });
    expect(decode({ type: 'paidan.assignment.signed.v9' })).toMatchObject({
      ok: false,
      reason: 'unknown-version',
      envelope: { subject: envelope.subject, sequence: 3 },
    });
  });

  it.each([
    ['ce_id', 'missing-header'],
    ['ce_type', 'missing-header'],
    ['ce_subject', 'missing-header'],
    ['ce_sequence', 'missing-header'],
    ['ce_epoch', 'missing-header'],
    ['ce_specversion', 'missing-header'],
  ])('names the header %s that is not there', (header, fault) => {
    expect(decode({}, signed, [header])).toMatchObject({ ok: false, reason: 'bad-envelope', detail: `${fault}: ${header}` });
  });

  it.each([
    [{ source: '/elsewhere' }, 'bad-source'],
    [{ source: '/paidan/intake' }, 'bad-source: intake may not say assignment.signed'],
    [{ time: 'yesterday' }, 'bad-time'],
    [{ sequence: 0 }, 'bad-sequence'],
    [{ sequence: 1.5 }, 'bad-sequence'],
    [{ epoch: -1 }, 'bad-epoch'],
  ])('names what is wrong with %j', (change, detail) => {
    const result = decode(change);
    expect(result).toMatchObject({ ok: false, reason: 'bad-envelope' });
    expect(result.ok ? '' : result.detail).toContain(detail);
  });

  it('refuses another specversion and another content type', () => {
    const headers = encodeHeaders(envelope);
    const value = JSON.stringify(signed);
    expect(decodeEvent({ ...headers, ce_specversion: '0.3' }, value)).toMatchObject({
      detail: expect.stringContaining('wrong-specversion'),
    });
    expect(decodeEvent({ ...headers, 'content-type': 'text/xml' }, value)).toMatchObject({
      detail: expect.stringContaining('wrong-content-type'),
    });
    expect(decodeEvent({ ...headers, 'content-type': 'application/json; charset=utf-8' }, value)).toMatchObject({ ok: true });
  });

  it('never quotes the payload in what it says about it', () => {
    const secret = '{"note": 张三 13800138000}';
    for (const result of [decode({}, secret), decode({}, { ...signed, assignment: secret }), decode({}, { unit: secret })]) {
      expect(result.ok).toBe(false);
      expect(JSON.stringify(result)).not.toMatch(/张三|13800138000/);
    }
    expect(decode({}, secret)).toMatchObject({ reason: 'bad-json' });
    expect(decodeEvent(encodeHeaders(envelope), null)).toMatchObject({ reason: 'bad-json', detail: 'no value (a tombstone)' });
  });

  it('refuses bytes that are not UTF-8 instead of making U+FFFD of them', () => {
    const [before = '', after = ''] = JSON.stringify({ ...signed, officer: '@' }).split('@');
    const gbk = Buffer.concat([Buffer.from(before), Buffer.from([0xb2, 0xbb]), Buffer.from(after)]);
    expect(decodeEvent(encodeHeaders(envelope), gbk)).toMatchObject({
      reason: 'bad-json',
      detail: `value of ${gbk.length} bytes is not valid UTF-8`,
    });
  });

  it('names the member that breaks the structure', () => {
    expect(decode({}, { unit: 'chengguan' })).toMatchObject({ reason: 'schema', detail: "/: must have required property 'assignment'" });
    expect(decode({}, { ...signed, assignment: 'one' })).toMatchObject({ reason: 'schema', detail: '/assignment: must be integer' });
    expect(decode({}, [signed])).toMatchObject({ reason: 'schema' });
  });
});

describe('traceparentOf', () => {
  const good = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

  it.each([
    [{ ce_traceparent: good }, good],
    [{ traceparent: Buffer.from(good) }, good],
    [{ traceparent: `${good}\0` }, undefined],
    [{ traceparent: Buffer.from([0xff, 0xfe]) }, undefined],
    [{ traceparent: '' }, undefined],
    [{}, undefined],
  ])('of %j', (headers, expected) => {
    expect(traceparentOf(headers)).toBe(expected);
  });

  it('a malformed one costs an event its trace and nothing else', () => {
    expect(decode({ traceparent: 'x\0' })).toEqual({ ok: true, event: expect.not.objectContaining({ traceparent: expect.anything() }) });
  });
});

describe('a reader one release behind', () => {
  const returned: EventPayload<'assignment.returned'> = {
    assignment: 1,
    unit: 'chengguan',
    officer: 'u-17',
    reason: 'not-our-duty',
    grounds: { kind: 'open', text: '不属于本单位职责' },
  };
  const newer = { ...returned, reason: 'moved-to-another-planet', mood: 'fine', legalBasis: '法'.repeat(1000) };

  it('reads members, closed-set values and lengths that a newer producer added', () => {
    expect(structureProblems(EVENTS['assignment.returned'].schema, newer)).toEqual([]);
  });

  it('while the producer of today is held to all of them', () => {
    expect(eventProblems('assignment.returned', returned)).toEqual([]);
    const problems = eventProblems('assignment.returned', newer as unknown as EventPayload<'assignment.returned'>);
    expect(problems.map((problem) => problem.split(':')[0]).sort()).toEqual(['/', '/legalBasis', '/reason']);
  });

  it('does not take a new kind of a union: that is another shape, and needs a new version', () => {
    const grounds = { kind: 'voice', recording: 'x' };
    expect(structureProblems(EVENTS['assignment.returned'].schema, { ...returned, grounds })).not.toEqual([]);
  });
});

describe('parseWireType', () => {
  it('knows every event by its wire type', () => {
    expect(parseWireType('paidan.reply.sent-back.v1')).toEqual({ kind: 'known', name: 'reply.sent-back', version: 1 });
    expect(parseWireType('paidan.reply.sent-back.v2')).toEqual({ kind: 'unknown-version', name: 'reply.sent-back', version: 2 });
    for (const type of ['', 'reply.sent-back.v1', 'paidan.reply.sent-back', 'paidan.constructor.v1']) {
      expect(parseWireType(type)).toEqual({ kind: 'unknown-type' });
    }
  });
});
