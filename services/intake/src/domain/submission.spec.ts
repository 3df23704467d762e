import { SubmissionV1, validateShape } from '@paidan/contracts';
import { randomBytes } from 'node:crypto';
import { canonicalText, confidentialityOf, factsOf, identityOf, queryCode } from './submission.js';

const submissionOf = (plain: object): SubmissionV1 => {
  const result = validateShape(SubmissionV1, { externalId: 'w-1', appealType: 'help', title: '路灯', text: '不亮', ...plain });
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
};

describe('the facts of a submission', () => {
  const channel = { id: 'web-portal', kind: 'web' } as const;
  const at = Date.parse('2026-11-22T02:00:00Z');

  it('have their defaults filled in', () => {
    expect(factsOf(submissionOf({}), channel, at)).toEqual({
      channel: 'web-portal',
      channelKind: 'web',
      appealType: 'help',
      urgency: 'normal',
      confidentiality: 'open',
      publishConsent: false,
      replyWanted: true,
      hasContact: false,
      receivedAt: '2026-11-22T02:00:00.000Z',
    });
  });

  it('carry what was said, instants in UTC, and of the contact only that there is one', () => {
    const said = {
      urgency: 'urgent',
      publishConsent: true,
      replyWanted: false,
      occurredAt: '2026-11-22T02:10:00+08:00',
      addressee: 'chengguan',
      contact: { phone: '13800138000' },
    };
    const facts = factsOf(submissionOf(said), channel, at);
    expect(facts).toMatchObject({ urgency: 'urgent', publishConsent: true, replyWanted: false, hasContact: true, addressee: 'chengguan' });
    expect(facts.occurredAt).toBe('2026-11-21T18:10:00.000Z');
    expect(JSON.stringify(facts)).not.toContain('138');
  });

  it.each([{}, { phone: '' }, { phone: null, name: '' }])('say that %j is no contact', (contact) => {
    expect(factsOf(submissionOf({ contact }), channel, at).hasContact).toBe(false);
  });

  it.each([
    ['report', undefined, 'confidential'],
    ['report', 'open', 'open'],
    ['report', 'anonymous', 'anonymous'],
    ['complaint', undefined, 'open'],
    ['complaint', 'confidential', 'confidential'],
  ] as const)('make a %s asked to be %s %s', (appealType, asked, expected) => {
    expect(confidentialityOf(appealType, asked)).toBe(expected);
  });
});

describe('who it is', () => {
  const who = (contact: object | undefined, confidentiality: 'open' | 'confidential' | 'anonymous' = 'open', channel = 'web-portal') =>
    identityOf(submissionOf(contact === undefined ? {} : { contact }), confidentiality, channel);

  it('is one phone in all its spellings, on every channel', () => {
    const spellings = ['13800138000', '+86 138-0013-8000', '0086 138 0013 8000'];
    expect(new Set(spellings.map((phone) => who({ phone })))).toEqual(new Set(['phone 13800138000']));
    expect(who({ phone: '13800138000', email: 'a@example.com' }, 'confidential', 'sms-1')).toBe('phone 13800138000');
  });

  it('is the mail address where there is no phone, else the account, which is somebody else’s on another channel', () => {
    expect(who({ email: 'Wang@Example.com', accountId: 'o-1' })).toBe('mail wang@example.com');
    expect(who({ accountId: 'o-1' })).toBe('account web-portal/o-1');
    expect(who({ accountId: 'o-1' }, 'open', 'wechat-1')).toBe('account wechat-1/o-1');
  });

  it('is nobody without contact data, under a name alone, behind a switchboard, or when asked to be anonymous', () => {
    expect([who(undefined), who({ name: '王' }), who({ phone: '12345' }), who({ phone: '13800138000' }, 'anonymous')]).toEqual(
      Array.from({ length: 4 }, () => undefined),
    );
  });
});

describe('the canonical text', () => {
  const same = (a: object, b: object): boolean => canonicalText(submissionOf(a)) === canonicalText(submissionOf(b));

  it('is one for all spellings of a body', () => {
    expect(same({ urgency: 'normal', addressee: 'chengguan' }, { addressee: 'chengguan', urgency: 'normal' })).toBe(true);
    expect(same({}, { contact: {}, place: { address: '' }, occurredAt: null })).toBe(true);
    const [a, b] = [
      { place: { coordinates: { lon: 1, lat: 2, system: 'GCJ-02' } } },
      { place: { coordinates: { system: 'GCJ-02', lat: 2, lon: 1 } } },
    ];
    expect(same(a, b)).toBe(true);
  });

  it.each([
    { text: '不亮 ' },
    { title: '路灯不亮' },
    { contact: { phone: '12345' } },
    { place: { adminCode: '510105' } },
    { replyWanted: true },
  ])('is another when %j differs', (change) => expect(same({}, change)).toBe(false));

  it('keeps apart what only looks alike', () => {
    expect(canonicalText({ a: '1', b: '2' })).not.toBe(canonicalText({ a: '1","b":"2' }));
    expect(canonicalText([null, 1])).not.toBe(canonicalText([1]));
  });
});

describe('a query code', () => {
  it('is eight characters that nobody takes for others, the same from the same digest', () => {
    const digest = randomBytes(32);
    expect(queryCode(digest)).toMatch(/^[2-9A-HJKMNP-TV-Z]{8}$/);
    expect(queryCode(digest)).toBe(queryCode(Buffer.from(digest)));
    expect(queryCode(Buffer.alloc(32))).toBe('22222222');
    expect(queryCode(Buffer.alloc(32, 0xff))).toHaveLength(8);
  });

  it('is spread over the whole alphabet at each place', () => {
    const seen = Array.from({ length: 8 }, () => new Set<string>());
    for (let i = 0; i < 2_000; i += 1) [...queryCode(randomBytes(32))].forEach((character, place) => seen[place]?.add(character));
    expect(seen.map((characters) => characters.size)).toEqual(Array.from({ length: 8 }, () => 30));
  });
});
