import { decodeSubmission } from './decode.js';
import { SubmissionV1 } from './submission.js';

const good = {
  externalId: 'web-20261122-7',
  appealType: 'complaint',
  title: '夜间施工噪声',
  text: '工地凌晨两点仍在浇筑，无法入睡。',
  place: { address: '建设路 18 号', adminCode: '510105', coordinates: { lon: 104.0, lat: 30.6, system: 'GCJ-02' } },
  occurredAt: '2026-11-22T02:10:00+08:00',
  contact: { name: '李某', phone: '028-12345678转601', email: 'li@example.cn', accountId: 'oX-1' },
  publishConsent: false,
};

const codes = (change: Record<string, unknown>): string[] => {
  const result = decodeSubmission(JSON.stringify({ ...good, ...change }));
  return result.ok ? [] : result.errors.map(({ pointer, code }) => `${pointer} ${code}`);
};

describe('a submission', () => {
  it('comes through as it was sent', () => {
    const result = decodeSubmission(Buffer.from(JSON.stringify(good)));
    expect(result).toMatchObject({ ok: true, submission: good });
    expect(result.ok && result.submission).toBeInstanceOf(SubmissionV1);
  });

  it('needs no more than id, type, title and text; null and "" are nothing', () => {
    const result = decodeSubmission(
      JSON.stringify({ externalId: 'a', appealType: 'help', title: 't', text: 'x', contact: null, occurredAt: '', place: { address: '' } }),
    );
    expect(result.ok && { ...result.submission, place: { ...result.submission.place } }).toMatchObject({ contact: undefined, place: {} });
  });

  it.each([
    [{ title: '' }, ['/title is-length', '/title blank']],
    [{ title: ' \n ' }, ['/title blank']],
    [{ title: '字'.repeat(121) }, ['/title is-length']],
    [{ title: '😀'.repeat(120) }, []],
    [{ text: 'x'.repeat(20_001) }, ['/text is-length']],
    [{ text: 7 }, ['/text is-string']],
    [{ text: 'a\0b' }, ['/text text-not-storable']],
    [{ text: 'a\ud83d' }, ['/text text-not-storable']],
    [{ contact: { name: '\udc00' } }, ['/contact/name text-not-storable']],
    [{ contact: { phone: '+86 (0)28 8888-0000' } }, []],
    [{ contact: { phone: 'call me' } }, ['/contact/phone phone']],
    [{ contact: { email: 'nobody' } }, ['/contact/email email']],
    [{ contact: { wechat: 'x' } }, ['/contact/wechat unknown-field']],
    [{ appealType: 'gossip' }, ['/appealType is-in']],
    [{ occurredAt: '2026-11-22T02:10:00' }, ['/occurredAt instant']],
    [{ occurredAt: '2026-13-01T00:00:00Z' }, ['/occurredAt instant']],
    [{ place: { adminCode: '51' } }, ['/place/adminCode admin-code']],
    [{ place: { coordinates: { lon: 200, lat: 30, system: 'GCJ-02' } } }, ['/place/coordinates/lon max']],
    [{ place: { coordinates: { lon: 1 } } }, ['/place/coordinates/lat required', '/place/coordinates/system required']],
    [{ place: 'here' }, ['/place is-object']],
    [{ publishConsent: 'yes' }, ['/publishConsent is-boolean']],
    [{ addressee: '城管局' }, ['/addressee unit-code']],
    [{ channel: 'web' }, ['/channel unknown-field']],
    [{ externalId: undefined }, ['/externalId required']],
  ])('%# says which member is wrong, by a stable code', (change, expected) => {
    expect(codes(change).sort()).toEqual([...expected].sort());
  });

  it('that is refused still tells its external id, and never what the citizen wrote', () => {
    const result = decodeSubmission(JSON.stringify({ ...good, text: `${'密'.repeat(20_001)}`, contact: { phone: '密密密密' } }));
    expect(result).toMatchObject({ ok: false, reason: 'bad-shape', externalId: good.externalId });
    expect(JSON.stringify(result)).not.toContain('密');
    expect(decodeSubmission('{"externalId": 密')).toEqual({
      ok: false,
      reason: 'bad-json',
      detail: 'value of 18 bytes is not JSON',
      errors: [],
    });
    expect(decodeSubmission(null)).toMatchObject({ ok: false, reason: 'bad-json' });
    for (const value of ['[]', '7', 'null', '"x"']) expect(decodeSubmission(value)).toMatchObject({ ok: false, reason: 'bad-shape' });
  });
});
