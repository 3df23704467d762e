import { assigned, foundEarlier, given, MASTER, onceMore, POLICY, type Result } from '../dispatch.kit.js';
import { sameAs, type Earlier, type Newcomer } from './same.js';

const TEXT = '建设路十八号至四十号的路灯从11月19日起一直不亮，晚上放学的孩子看不清台阶，已经有老人摔倒，希望尽快派人修复。';
const PLACE = { address: '建设路 18 号', adminCode: '990102001' };
const earlier = (change: Partial<Earlier> = {}, said: Partial<Earlier['said']> = {}): Earlier => ({
  said: { title: '路灯不亮', text: TEXT, place: PLACE, ...said },
  appealType: 'help',
  citizen: 'one',
  master: { ticketId: MASTER, number: '20261122-000045', status: 'assigned', urgency: 'normal' },
  ...change,
});
const newcomer = (citizen: string | undefined, said: Partial<Newcomer['said']> = {}, change: Partial<Newcomer> = {}): Newcomer => ({
  said: { title: '路灯不亮', text: TEXT, place: PLACE, ...said },
  appealType: 'help',
  urgency: 'normal',
  citizen,
  ...change,
});
const master = (status: Earlier['master']['status']) => ({ master: { ...earlier().master, status } });

describe('the same citizen', () => {
  it('who says the same once more, or less of it, greetings or not, says nothing new', () => {
    for (const text of [TEXT, `您好！${TEXT}谢谢！`, TEXT.slice(0, 40)])
      expect(sameAs(newcomer('one', { text }), earlier())).toBe('same-citizen');
    expect(sameAs(newcomer('one', { place: {} }), earlier())).toBe('same-citizen');
  });

  it.each([
    ['a sentence more', { text: `${TEXT}今天又有人摔倒。` }],
    ['a word more', { text: TEXT.replace('老人', '老人和小孩') }],
    ['a not', { text: TEXT.replace('一直不亮', '一直亮') }],
    ['another house', { text: TEXT.replace('四十号', '五十号') }],
    ['another day', { text: TEXT.replace('19', '20') }],
    ['another address', { place: { ...PLACE, address: '建设路 20 号' } }],
    ['another area', { place: { ...PLACE, adminCode: '990103' } }],
    ['a point where there was none', { place: { ...PLACE, coordinates: { lon: 104, lat: 30, system: 'GCJ-02' } } }],
  ] as const)('who says %s is dispatched', (_, said) => {
    expect(sameAs(newcomer('one', said), earlier())).toBeUndefined();
  });

  it('is dispatched where nobody works on the earlier one any more, it is more urgent, or asked for otherwise', () => {
    for (const status of ['answered', 'closed', 'withdrawn', 'linked'] as const)
      expect(sameAs(newcomer('one'), earlier(master(status)))).toBeUndefined();
    for (const status of ['held', 'assigned', 'returned', 'releasing'] as const)
      expect(sameAs(newcomer('one'), earlier(master(status)))).toBe('same-citizen');
    expect(sameAs(newcomer('one', {}, { urgency: 'urgent' }), earlier())).toBeUndefined();
    expect(sameAs(newcomer('one', {}, { appealType: 'complaint' }), earlier())).toBeUndefined();
  });
});

describe('others', () => {
  it('who say the same about the very same place speak of one matter, known or not', () => {
    for (const citizen of ['two', undefined]) expect(sameAs(newcomer(citizen), earlier())).toBe('same-matter');
    expect(sameAs(newcomer(undefined), earlier({}, {}))).toBe('same-matter');
  });

  it.each([
    ['name no place', { place: {} }, {}],
    ['neither names a place', { place: {} }, { place: {} }],
    ['name another place', { place: { ...PLACE, address: '胜利路 18 号' } }, {}],
    ['name but an area', { place: { adminCode: '990102001' } }, { place: { adminCode: '990102001' } }],
    ['say little', { text: '路灯坏了，请派人来修一下，谢谢。' }, { text: '路灯坏了，请派人来修一下，谢谢。' }],
    ['say another number', { text: TEXT.replace('19', '20') }, {}],
    ['say less', { text: TEXT.slice(0, 45) }, {}],
  ] as const)('who %s are dispatched', (_, mine, theirs) => {
    expect(sameAs(newcomer('two', mine), earlier({}, theirs))).toBeUndefined();
  });
});

describe('a ticket that is registered', () => {
  const linked = ({ events }: Result) => events.flatMap((event) => (event.name === 'ticket.linked' ? [event.payload] : []))[0];

  it('and is an earlier one once more, is linked to it and not dispatched', () => {
    const result = given().when(onceMore(), { found: foundEarlier() });
    expect(result.names).toEqual(['ticket.linked']);
    expect(linked(result)).toEqual({
      ...{ master: MASTER, masterNumber: '20261122-000045', link: 'same-citizen' },
      by: { kind: 'rule', rule: 'same-citizen' },
    });
    expect(result.ticket).toMatchObject({ status: 'linked', assignments: 0, under: { master: MASTER } });
  });

  it('is dispatched with the earlier one shown, where that is over or the city only wants to see them', () => {
    const propose = { found: foundEarlier(), policy: { ...POLICY, duplicates: 'propose' } } as const;
    for (const facts of [{ found: foundEarlier('answered') }, propose]) {
      const result = given().when(onceMore(), facts);
      expect([linked(result), result.names]).toEqual([undefined, [assigned(result) === undefined ? 'ticket.held' : 'ticket.assigned']]);
      expect(result.ticket?.alike).toEqual([{ ticketId: MASTER, number: '20261122-000045', score: 1, because: 'same-words' }]);
    }
  });

  it('under seal is held against nothing, whatever was found', () => {
    const result = given().when(onceMore({ confidentiality: 'confidential' }), { found: foundEarlier() });
    expect(linked(result)).toBeUndefined();
    expect(result.ticket).not.toHaveProperty('alike');
    expect(result.ticket).not.toHaveProperty('citizen');
  });
});
