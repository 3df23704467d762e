import { runs } from '@paidan/testing/runs';
import fc from 'fast-check';
import { areasAgree, duplicatesAmong, type Asked, type DuplicatePolicy } from './find.js';
import { agreement, fingerprintOf, type Fingerprint } from './fingerprint.js';
import { likenessOf } from './likeness.js';

const DAY = 86_400_000;
const POLICY: DuplicatePolicy = { withinMs: 30 * DAY, most: 10 };
const TEXTS = [
  '望江路幸福里小区门口有人夜间施工，从晚上十点一直到凌晨三点，孩子没法睡觉，打过三次电话都没有人来处理',
  '望江路幸福里小区门口有人夜间施工，天天晚上十点一直到凌晨三点，老人没法睡觉，打过三次电话也没有人来处理',
  '地下车库进水已经一个多月，物业说是开发商的责任，开发商说已经过了保修期，业主们不知道该找谁',
  '805路公交车能不能改道走木莲中路，这里周边有几十栋居民宿舍和多所学校幼儿园，上下班很不方便',
];
const prints = TEXTS.map((text) => fingerprintOf('', text) as Fingerprint);
const ticket = (ticketId: string, text: number, day: number, area?: string): Asked => ({
  ticketId,
  fingerprint: prints[text] as Fingerprint,
  area,
  at: day * DAY,
});
const found = (...tickets: Asked[]): string[] =>
  [...duplicatesAmong(tickets, POLICY)].map(([id, list]) => `${id}: ${list.map(({ ticketId }) => ticketId).join(' ')}`);

describe('tickets that come together', () => {
  it('find the earlier ones that say the same, the most alike first, and say why', () => {
    const tickets = [ticket('a', 0, 1), ticket('b', 1, 2), ticket('c', 2, 3), ticket('d', 0, 4)];
    expect(found(...tickets)).toEqual(['b: a', 'd: a b']);
    expect(duplicatesAmong(tickets, POLICY).get('d')).toMatchObject([
      { ticketId: 'a', at: DAY, because: 'same-words', jaccard: 1 },
      { ticketId: 'b', at: 2 * DAY, because: 'like-words' },
    ]);
  });

  it('find the one received earlier, not the one given first', () => {
    expect(found(ticket('later', 0, 5), ticket('earlier', 0, 2))).toEqual(['later: earlier']);
  });

  it('find none that is a window older, or in another area', () => {
    expect(found(ticket('a', 0, 1), ticket('b', 0, 31))).toEqual([]);
    expect(found(ticket('a', 0, 1, '990101'), ticket('b', 0, 2, '990102'))).toEqual([]);
    expect(found(ticket('a', 0, 1, '990101'), ticket('b', 0, 2, '990101003'), ticket('c', 0, 3))).toEqual(['b: a', 'c: a b']);
  });

  it('name no more than asked for', () => {
    const tickets = Array.from({ length: 30 }, (_, n) => ticket(`t${n}`, 0, 1 + n / 100));
    expect(duplicatesAmong(tickets, POLICY).get('t29')).toHaveLength(POLICY.most);
  });

  it('name the person’s own beside what many have sent', () => {
    const tickets = Array.from({ length: 40 }, (_, n) => ({
      ...ticket(`t${n}`, 0, 1 + n / 100),
      person: n % 30 === 8 ? 'one' : `other-${n}`,
    }));
    const found = duplicatesAmong(tickets, POLICY).get('t38') ?? [];
    expect(found).toHaveLength(POLICY.most);
    expect(found.filter(({ own }) => own)).toMatchObject([{ ticketId: 't8' }]);
    const late = duplicatesAmong(
      tickets.map((one, n) => (n === 8 ? { ...one, person: 'another' } : n === 30 ? { ...one, person: 'one' } : one)),
      POLICY,
    );
    expect(late.get('t38')?.at(-1)).toMatchObject({ ticketId: 't30', own: true });
    expect(late.get('t38')).toHaveLength(POLICY.most + 1);
  });

  it('are found as comparing each with each would find them, but for what the bands miss', () => {
    const tickets = fc.array(
      fc.record({
        text: fc.nat({ max: 3 }),
        day: fc.integer({ min: 0, max: 60 }),
        area: fc.constantFrom(undefined, '99', '990101', '990102'),
      }),
      { maxLength: 25 },
    );
    fc.assert(
      fc.property(tickets, (given) => {
        const asked = given.map(({ text, day, area }, n) => ticket(`t${String(n).padStart(2, '0')}`, text, day, area));
        const expected = asked.map((one, n) => {
          const earlier = asked.filter((other, m) => {
            if (other.at > one.at || (other.at === one.at && m >= n) || one.at - other.at >= POLICY.withinMs) return false;
            const alike = likenessOf(agreement(one.fingerprint, other.fingerprint), one.fingerprint.grams, other.fingerprint.grams);
            return alike !== undefined && areasAgree(one.area, other.area);
          });
          return [one.ticketId, earlier.length] as const;
        });
        const all = duplicatesAmong(asked, { ...POLICY, most: 100 });
        expect(asked.map(({ ticketId }) => [ticketId, all.get(ticketId)?.length ?? 0])).toEqual(expected);
      }),
      runs(300),
    );
  });
});
