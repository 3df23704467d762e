import { EVENT_NAMES, EVENTS, eventType, type EventName } from '@paidan/contracts';
import { readdirSync, readFileSync } from 'node:fs';
import { clockTime } from './phrases.js';
import { namesFrom, namesIn, readEvent, tellTrail, type KeptEvent } from './tell-trail.js';

/** The golden samples of contracts: each event as it was once on the wire. */
const folder = new URL('../../../../libs/contracts/samples/', import.meta.url);
const ticketId = '019aa8c5-6400-7a11-8c00-000000000001';
const samples = readdirSync(folder)
  .filter((file) => EVENT_NAMES.some((name) => file.startsWith(`${name}.v`)))
  .map((file): KeptEvent & { file: string } => {
    const { headers, value } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as {
      headers: Record<string, string>;
      value: unknown;
    };
    return {
      file,
      service: (headers['ce_source'] ?? '').replace('/paidan/', ''),
      epoch: Number(headers['ce_epoch']),
      sequence: Number(headers['ce_sequence']),
      type: headers['ce_type'] ?? '',
      at: headers['ce_time'] ?? '',
      payload: JSON.stringify(value),
    };
  });

const names = namesFrom(
  new Map([
    ['unit:city-urban-management', '市城市管理局'],
    ['matter:0203', '路灯照明'],
  ]),
);
const tell = (row: KeptEvent) => tellTrail(ticketId, [row], names).entries[0];

describe('a trail in words', () => {
  it.each(samples)('tells $file in a sentence of each language, with names and no raw words of ours', (row) => {
    const entry = tell(row);
    expect(entry?.zh).toMatch(/[一-龥]/);
    expect(entry?.en).toMatch(/^[^一-龥]*$|“|[一-龥]/);
    for (const text of [entry?.en ?? '', entry?.zh ?? '']) {
      expect(text.length).toBeGreaterThan(3);
      expect(text).not.toMatch(/undefined|\[object|null|NaN/);
      expect(text).not.toContain('city-urban-management');
    }
  });

  it('has a sample of every event to be told', () => {
    const told = new Set(samples.map(({ type }) => type));
    expect(EVENT_NAMES.filter((name) => !told.has(eventType(name)))).toEqual([]);
  });

  it('quotes what is open and never opens a seal', () => {
    const sealed = samples.find(({ file }) => file === 'assignment.returned.v1.sealed.json');
    expect(tell(sealed ?? samples[0]!)).toMatchObject({
      en: expect.stringContaining('(under seal)'),
      zh: expect.stringContaining('（密封）'),
    });
    const open = samples.find(({ file }) => file === 'reply.sent-back.v1.json');
    expect(tell(open ?? samples[0]!)?.zh).toContain('“');
  });

  it('tells the clocks of the unit, and the citizen’s with them where it starts to be known, in one sentence', () => {
    const of = (variant: string) => tell(samples.find(({ file }) => file === `clock.started.v1${variant}.json`) ?? samples[0]!);
    const units = {
      en: 'the clock runs for 市城市管理局: signing 1 working day (due 2026-11-23 18:00)',
      zh: '市城市管理局开始计时：签收时限1个工作日（2026-11-23 18:00 到期）',
    };
    const citizens = {
      en: 'for the citizen: finishing 5 working days (due 2026-11-27 18:00)',
      zh: '对诉求人：办结时限5个工作日（2026-11-27 18:00 到期）',
    };
    for (const language of ['en', 'zh'] as const) {
      const [alone, together] = [of(''), of('.with-citizens')].map((entry) => entry?.[language] ?? '');
      expect([alone, together].map((text) => text?.startsWith(units[language]))).toEqual([true, true]);
      expect(together).toBe(`${alone}${language === 'en' ? '; ' : '；'}${citizens[language]}`);
    }
    expect(of('.citizen')?.zh).toBe('对诉求人开始计时：办结时限5个工作日（2026-11-27 18:00 到期）');
  });

  it('names an event that it can’t read, of a newer release or broken, by what it is', () => {
    const row = { service: 'intake', epoch: 1, sequence: 1, at: '2026-11-22T01:15:02.120Z' };
    const told = (type: string, payload = '{}') => tell({ ...row, type, payload });
    expect(told('paidan.ticket.withdrawn.v9')).toMatchObject({ event: 'ticket.withdrawn', zh: '撤回' });
    expect(told('paidan.ticket.withdrawn.v1', '{"reason":')).toMatchObject({ event: 'ticket.withdrawn', zh: '撤回' });
    expect(told('paidan.ticket.translated.v1')).toMatchObject({ event: 'ticket.translated', en: 'ticket.translated' });
  });

  it('puts the main steps into one line, with hours, and days where they change', () => {
    const at = (name: EventName, time: string, payload: object): KeptEvent => ({
      ...{ service: EVENTS[name].service, epoch: 1, sequence: 1, type: eventType(name), at: time },
      payload: JSON.stringify(payload),
    });
    const sample = (name: EventName): object =>
      JSON.parse(samples.find(({ file }) => file === `${name}.v1.json`)?.payload ?? '{}') as object;
    const to = (lead: string) => ({ ...sample('ticket.assigned'), lead });
    const { line } = tellTrail(
      ticketId,
      [
        at('ticket.registered', '2026-03-02T02:48:00Z', { ...sample('ticket.registered'), channelKind: 'web' }),
        at('ticket.assigned', '2026-03-02T02:48:01Z', to('a')),
        at('clock.started', '2026-03-02T02:48:01Z', sample('clock.started')),
        at('assignment.signed', '2026-03-02T02:58:00Z', { assignment: 1, unit: 'a', officer: 'li' }),
        at('assignment.returned', '2026-03-03T01:00:00Z', { ...sample('assignment.returned'), reason: 'not-our-area' }),
        at('ticket.assigned', '2026-03-03T01:00:01Z', to('b')),
        at('assignment.signed', '2026-03-03T16:30:00Z', { assignment: 2, unit: 'b', officer: 'wang' }),
        at('reply.approved', '2026-03-04T02:00:00Z', { ...sample('reply.approved'), unit: 'b' }),
        at('rating.received', '2026-03-04T03:00:00Z', { round: 1, rating: 1, stars: 5, channel: 'web' }),
        at('ticket.closed', '2026-03-04T03:00:00Z', sample('ticket.closed')),
      ],
      namesFrom(
        new Map([
          ['unit:a', 'A'],
          ['unit:b', 'B'],
        ]),
      ),
    );
    expect(line).toEqual({
      en:
        '2026-03-02 10:48 received by web mailbox · dispatched to A · 10:58 signed by A · 2026-03-03 09:00 returned: not its jurisdiction · ' +
        'dispatched to B · 2026-03-04 00:30 signed by B · 10:00 answered by B · 11:00 follow-up: satisfied · closed',
      zh:
        '2026-03-02 10:48 网页受理 · 派单至A · 10:58 A签收 · 2026-03-03 09:00 退单：非本辖区 · 派单至B · 2026-03-04 00:30 B签收 · ' +
        '10:00 B答复 · 11:00 回访：满意 · 办结',
    });
  });

  it('asks for the names it needs', () => {
    const assigned = samples.find(({ file }) => file === 'ticket.assigned.v1.json');
    const event = assigned && readEvent(ticketId, assigned);
    expect(namesIn(event === undefined ? [] : [event])).toContain('unit:city-urban-management');
    expect(clockTime('no time')).toBe('no time');
  });
});
