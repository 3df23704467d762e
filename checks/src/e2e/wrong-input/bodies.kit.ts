/** Contact data that comes along with what is refused: it must not stay anywhere either. */
export const CONTACT = { name: '赫连无名', phone: '13588887777', email: 'wuming.helian@example.cn' };

/** Each says something of its own: the same citizen with nothing new would be linked to what is being worked on. */
export const good = (externalId: string, more: object = {}) => ({
  externalId,
  appealType: 'complaint',
  title: '夜间施工噪声扰民',
  text: `工地夜间施工，施工噪声很大，夜间施工到凌晨两点。见来件${externalId}。`,
  place: { adminCode: '990102' },
  contact: CONTACT,
  ...more,
});

/** JSON with two characters of a title in GBK, as a Windows program writes it that was never told otherwise. */
export const inGbk = (json: object, member: string): Buffer<ArrayBuffer> => {
  const [before = '', after = ''] = JSON.stringify({ ...json, [member]: '@@' }).split('@@');
  return Buffer.concat([Buffer.from(before), Buffer.from([0xb2, 0xbb, 0xc1, 0xc1]), Buffer.from(after)]);
};

/** Every member of a submission wrong in its own way, with the pointers that must be named. */
export const ALL_WRONG = {
  externalId: 7,
  appealType: 'shouting',
  title: null,
  text: ['a', 'list'],
  place: { address: '', adminCode: '99', coordinates: { lon: '116.3', lat: 91, system: 'BD-09' } },
  occurredAt: '2026-11-22 08:00:00',
  contact: { name: true, phone: 'none', email: 'nobody' },
  confidentiality: 'secret',
  publishConsent: 'yes',
  replyWanted: 1,
  urgency: 0,
  addressee: '城管局',
};
export const ALL_POINTERS = [
  '/addressee',
  '/appealType',
  '/confidentiality',
  '/contact/email',
  '/contact/name',
  '/contact/phone',
  '/externalId',
  '/occurredAt',
  '/place/adminCode',
  '/place/coordinates/lat',
  '/place/coordinates/lon',
  '/place/coordinates/system',
  '/publishConsent',
  '/replyWanted',
  '/text',
  '/title',
  '/urgency',
];

/** What is refused as a submission, over HTTP and Kafka alike, by the fields that are named. */
export const WRONG_SHAPES: readonly (readonly [what: string, body: object, pointers: readonly string[]])[] = [
  ['every member of a wrong type or value', ALL_WRONG, ALL_POINTERS],
  ['nothing at all', {}, ['/appealType', '/externalId', '/text', '/title']],
  ['a list', [good('list')], ['']],
  ['unknown fields', { ...good('unknown'), channel: 'web-portal', contact: { ...CONTACT, wechat: 'wm' } }, ['/channel', '/contact/wechat']],
  ['a text of 20,001 characters', good('long', { text: '长'.repeat(20_001) }), ['/text']],
  ['NUL in a text', good('nul', { text: '半句\0话' }), ['/text']],
  ['half a surrogate pair', good('half', { title: '笑脸\ud83d' }), ['/title']],
  ['blanks for a text', good('blank', { text: ' \n\u3000' }), ['/text']],
];
