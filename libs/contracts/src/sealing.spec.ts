import { PaidanError } from '@paidan/kernel';
import { openContent, openWords, seal, type ContentKeys } from './sealing.js';

const keys: ContentKeys = { current: 'k2', keys: new Map([1, 2].map((n) => [`k${n}`, new Uint8Array(32).fill(n)])) };
const iv = new Uint8Array(12).fill(7);
const ticket = '0193a3c2-5c00-7000-8000-000000000002';
const content = { title: '举报', text: '某单位长期占用消防通道', place: { adminCode: '990102' } };

const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return error instanceof PaidanError ? error.code : 'foreign';
  }
  return 'nothing thrown';
};

describe('a sealed text', () => {
  it('opens again, with the key it was sealed with', () => {
    const old = seal(content, ticket, { ...keys, current: 'k1' }, iv);
    expect(old).toMatchObject({ kind: 'sealed', keyId: 'k1' });
    expect(JSON.stringify(old)).not.toContain('消防');
    expect(openContent(old, ticket, keys)).toEqual(content);
    expect(openWords(seal({ text: '已核实' }, ticket, keys, iv), ticket, keys)).toEqual({ text: '已核实' });
  });

  it('is read like one in the clear', () => {
    expect(openContent({ kind: 'open', ...content }, ticket, keys)).toEqual(content);
    expect(openWords({ kind: 'open', text: 'x' }, ticket, keys)).toEqual({ text: 'x' });
  });

  it('does not open under another ticket, with another key, damaged, or as something else', () => {
    const sealed = seal(content, ticket, keys, iv);
    const flipped = Buffer.from(sealed.sealed, 'base64url').map((byte, i) => (i === 40 ? byte ^ 1 : byte));
    expect(codeOf(() => openContent(sealed, ticket.replace('2', '3'), keys))).toBe('seal-broken');
    expect(codeOf(() => openContent({ ...sealed, keyId: 'k1' }, ticket, keys))).toBe('seal-broken');
    expect(codeOf(() => openContent({ ...sealed, sealed: Buffer.from(flipped).toString('base64url') }, ticket, keys))).toBe('seal-broken');
    expect(codeOf(() => openContent({ ...sealed, sealed: 'AAAA' }, ticket, keys))).toBe('seal-broken');
    expect(codeOf(() => openContent(seal({ text: 'no title' }, ticket, keys, iv), ticket, keys))).toBe('seal-broken');
    expect(codeOf(() => openContent({ ...sealed, keyId: 'k9' }, ticket, keys))).toBe('content-key-unknown');
  });

  it('needs an iv of twelve bytes', () => {
    expect(() => seal(content, ticket, keys, new Uint8Array(16))).toThrow(RangeError);
  });
});
