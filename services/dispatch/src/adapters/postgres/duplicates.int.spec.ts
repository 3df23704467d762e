import type { Database } from '@paidan/runtime';
import { randomUUID } from 'node:crypto';
import type { Asked, DuplicatePolicy } from '../../domain/duplicates/find.js';
import { fingerprintOf } from '../../domain/duplicates/fingerprint.js';
import { dropOldFingerprints, forgetFingerprints, lookUpDuplicates, writeFingerprints } from './duplicates.js';
import { dice, openSchema } from './duplicates.kit.js';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 22, 4);
const POLICY: DuplicatePolicy = { withinMs: 30 * DAY, most: 10 };
const KEEPING = { now: NOW, keptMs: 60 * DAY };

const roll = dice(7);
const stranger = (length = 120): string => Array.from({ length }, () => String.fromCharCode(0x4e00 + Math.floor(roll() * 0x3000))).join('');
const NOISE = '幸福里小区门口有人夜间施工，从晚上十点一直到凌晨三点，孩子没法睡觉，打过三次电话都没有人来处理';

const ticket = (text: string, day: number, area?: string): Asked => {
  const fingerprint = fingerprintOf('', text);
  if (fingerprint === undefined) throw new Error('says too little');
  return { ticketId: randomUUID(), fingerprint, area, at: NOW - day * DAY };
};

describe('duplicates in Postgres', () => {
  let database: Database;
  let close: () => Promise<void>;
  beforeEach(async () => {
    ({ database, close } = await openSchema());
  });
  afterEach(() => close());

  const write = (...tickets: Asked[]): Promise<void> => database.transaction(async (tx) => writeFingerprints(tx, tickets, KEEPING));
  const months = async (): Promise<string[]> => {
    const { rows } = await database.query<{ name: string }>(
      `select relname as name from pg_inherits join pg_class on oid = inhrelid where inhparent = 'duplicate_fingerprint'::regclass order by relname`,
    );
    return rows.map(({ name }) => name.slice(-6));
  };
  const ids = async (asked: Asked): Promise<string[]> =>
    ((await lookUpDuplicates(database, [asked], POLICY)).get(asked.ticketId) ?? []).map(({ ticketId }) => ticketId);

  it('finds what says the same, with how alike it is, where it is, how it stands, and not itself', async () => {
    const first = ticket(NOISE, 3, '990101');
    const touched = ticket(NOISE.replace('打过三次电话', '打过很多次电话'), 2, '990101003');
    await write(first, touched, ticket(stranger(), 2, '990101'));
    await database.query(
      `insert into ticket (ticket_id, sequence, handled, timers, timer_version, parked, record, status, lead, matter)
       values ($1::uuid, 1, '{}', '{}', 0, false, '{}', 'assigned', 'city-ecology', '0702')`,
      [first.ticketId],
    );
    const asked = ticket(`尊敬的领导：您好！${NOISE}！！`, 0, '990101');
    const found = await lookUpDuplicates(database, [asked], POLICY);
    expect(found.get(asked.ticketId)).toEqual([
      {
        ticketId: first.ticketId,
        at: first.at,
        area: '990101',
        because: 'same-words',
        jaccard: 1,
        contained: 1,
        status: 'assigned',
        lead: 'city-ecology',
        matter: '0702',
      },
      expect.objectContaining({ ticketId: touched.ticketId, because: 'like-words', area: '990101003' }),
    ]);
    // Asked again about one that is in the table already: a batch that is done once more.
    expect(await ids(touched)).toEqual([first.ticketId]);
  });

  it('looks as far back as told and no further, over the edge of a month, and never ahead', async () => {
    const [within, older, later] = [ticket(NOISE, 29), ticket(NOISE, 31), ticket(NOISE, -0.5)];
    await write(within, older, later);
    expect(await months()).toEqual(['202610', '202611']);
    expect(await ids(ticket(NOISE, 0))).toEqual([within.ticketId]);
  });

  it('looks in its area, where one is known', async () => {
    const [here, elsewhere, anywhere] = [ticket(NOISE, 3, '990101'), ticket(NOISE, 2, '990102'), ticket(NOISE, 1)];
    await write(here, elsewhere, anywhere);
    expect(await ids(ticket(NOISE, 0, '990101005'))).toEqual([here.ticketId, anywhere.ticketId]);
    expect(await ids(ticket(NOISE, 0))).toEqual([here.ticketId, elsewhere.ticketId, anywhere.ticketId]);
  });

  it('answers for a whole batch at once, of which some are not in the table yet', async () => {
    const known = ticket(NOISE, 3);
    await write(known);
    const [one, two, alone] = [ticket(NOISE, 0.2), ticket(NOISE, 0.1), ticket(stranger(), 0)];
    const found = await lookUpDuplicates(database, [two, alone, one], POLICY);
    expect([...found].map(([id, list]) => [id, list.map(({ ticketId }) => ticketId)])).toEqual(
      expect.arrayContaining([
        [one.ticketId, [known.ticketId]],
        [two.ticketId, [known.ticketId, one.ticketId]],
      ]),
    );
    expect(found.has(alone.ticketId)).toBe(false);
    expect(await lookUpDuplicates(database, [], POLICY)).toEqual(new Map());
  });

  it('is not slowed down by what thousands share', async () => {
    // One sentence of boilerplate that no list knows, in front of different matters; and the same circular letter five thousand times.
    const circular = '我们是全体业主，坚决要求落实购房合同中的约定，请给我们一个明确的答复和时间表，不要再互相推诿';
    for (let n = 0; n < 10; n++)
      await write(...Array.from({ length: 500 }, () => ticket(n % 2 === 0 ? circular : circular + stranger(60), 1)));
    const asked = ticket(`${circular}${stranger(60)}`, 0);
    const began = performance.now();
    for (let n = 0; n < 20; n++) expect(await ids(asked)).toHaveLength(POLICY.most);
    expect((performance.now() - began) / 20).toBeLessThan(100);
    const { rows } = await database.query<{ count: string }>('select count(*) from duplicate_fingerprint');
    expect(rows[0]?.count).toBe('5000');
  });

  it('finds the person’s own among however many have sent the same', async () => {
    const by = (person: string | undefined, day: number): Asked => ({ ...ticket(NOISE, day), person });
    const others = Array.from({ length: 60 }, (_, n) => by(n % 3 === 0 ? undefined : `other-${n}`, 9 + n / 100));
    const [own, apart, older] = [by('one', 2), { ...ticket(stranger(), 1), person: 'one' }, by('one', 31)];
    await write(...others, own, apart, older);
    const asked = by('one', 0);
    const found = (await lookUpDuplicates(database, [asked], POLICY)).get(asked.ticketId) ?? [];
    expect(found.filter((one) => one.own === true).map(({ ticketId }) => ticketId)).toEqual([own.ticketId]);
    expect(found).toHaveLength(POLICY.most + 1);
    expect((await lookUpDuplicates(database, [by(undefined, 0)], POLICY)).values().next().value).toHaveLength(POLICY.most);
  });

  it('keeps nothing older than is kept, nothing that claims to come from next year, and drops months whole', async () => {
    await write(ticket(NOISE, 59), ticket(NOISE, 61), ticket(NOISE, -400), ticket(NOISE, 20_000), ticket(NOISE, 1));
    expect(await months()).toEqual(['202609', '202611']);
    expect(await dropOldFingerprints(database, KEEPING)).toBe(0);
    expect(await dropOldFingerprints(database, { ...KEEPING, now: NOW + 10 * DAY })).toBe(1);
    expect(await months()).toEqual(['202611']);
  });

  it('makes a month again that was made in a transaction that was rolled back', async () => {
    const refused = database.transaction(async (tx) => {
      writeFingerprints(tx, [ticket(NOISE, 1)], KEEPING);
      await tx.query('select 1 / 0');
    });
    await expect(refused).rejects.toThrow('division by zero');
    expect(await months()).toEqual([]);
    await write(ticket(NOISE, 1));
    expect(await ids(ticket(NOISE, 0))).toHaveLength(1);
  });

  it('makes a month once, however many write to it first', async () => {
    await Promise.all(Array.from({ length: 6 }, () => write(ticket(NOISE, 1))));
    expect(await months()).toEqual(['202611']);
    expect(await ids(ticket(NOISE, 0))).toHaveLength(6);
  });

  it('forgets', async () => {
    const [gone, stays] = [ticket(NOISE, 2), ticket(NOISE, 1)];
    await write(gone, stays);
    expect(await forgetFingerprints(database, [gone.ticketId])).toBe(1);
    expect(await ids(ticket(NOISE, 0))).toEqual([stays.ticketId]);
  });

  it('cannot change what was kept', async () => {
    await write(ticket(NOISE, 1));
    await expect(database.query('update duplicate_fingerprint set area = null')).rejects.toThrow('permission denied');
  });
});
