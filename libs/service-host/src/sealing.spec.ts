import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openContent, seal } from '@paidan/contracts';
import { hostError } from './errors.js';
import { createSealer, loadContactKeys, loadContentKeys, loadSealer } from './sealing.js';

const key = () => randomBytes(32).toString('base64');
const keys = { k1: key(), k2: key() };
const content = { title: '噪声扰民', text: '凌晨两点还在施工 🚧', place: { address: '人民路 1 号' } };
const codeOf = (run: () => unknown): string | undefined => {
  try {
    run();
  } catch (error) {
    return hostError.is(error) ? error.code : String(error);
  }
  return undefined;
};

describe('a sealer', () => {
  const sealer = createSealer({ current: 'k1', keys });

  it('gives back what it sealed, and never seals alike twice', () => {
    const [one, two] = [sealer.seal(content, 't1'), sealer.seal(content, 't1')];
    expect(one.keyId).toBe('k1');
    expect(one.sealed).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(one.sealed).not.toBe(two.sealed);
    expect(sealer.unseal(one, 't1')).toEqual(content);
  });

  it('is of the form the contracts describe: iv (12) | tag (16) | ciphertext', () => {
    expect(Buffer.from(sealer.seal('x', 't1').sealed, 'base64url')).toHaveLength(12 + 16 + Buffer.byteLength('"x"'));
  });

  it('understands contracts’ seals, and contracts its', () => {
    const folder = mkdtempSync(join(tmpdir(), 'paidan-keys-'));
    const path = join(folder, 'keys.json');
    writeFileSync(path, JSON.stringify({ current: 'k1', keys }));
    const contentKeys = loadContentKeys(path);
    rmSync(folder, { recursive: true });
    expect(sealer.unseal(seal(content, 't1', contentKeys, randomBytes(12)), 't1')).toEqual(content);
    expect(openContent({ kind: 'sealed', ...sealer.seal(content, 't1') }, 't1', contentKeys)).toEqual(content);
  });

  it('opens with the key that the value names, after another has become current', () => {
    const old = sealer.seal(content, 't1');
    expect(createSealer({ current: 'k2', keys }).unseal(old, 't1')).toEqual(content);
    expect(codeOf(() => createSealer({ current: 'k2', keys: { k2: keys.k2 } }).unseal(old, 't1'))).toBe('seal-key-unknown');
  });

  it.each([
    ['iv', 0],
    ['tag', 12],
    ['ciphertext', 28],
  ])('refuses a value whose %s was changed', (_, at) => {
    const { keyId, sealed } = sealer.seal(content, 't1');
    const bytes = Buffer.from(sealed, 'base64url');
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    expect(codeOf(() => sealer.unseal({ keyId, sealed: bytes.toString('base64url') }, 't1'))).toBe('seal-broken');
  });

  it.each(['', 'AAAA', 'A'.repeat(37)])('refuses %j, which is too short to be one', (sealed) => {
    expect(codeOf(() => sealer.unseal({ keyId: 'k1', sealed }, 't1'))).toBe('seal-broken');
  });

  it('refuses a value under another key’s name, or of another ticket', () => {
    expect(codeOf(() => sealer.unseal({ ...sealer.seal(content, 't1'), keyId: 'k2' }, 't1'))).toBe('seal-broken');
    const contact = sealer.seal({ phone: '13800138000' }, 'ticket-1');
    expect(sealer.unseal(contact, 'ticket-1')).toEqual({ phone: '13800138000' });
    expect(codeOf(() => sealer.unseal(contact, 'ticket-2'))).toBe('seal-broken');
  });
});

describe('a key file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'paidan-keys-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (content: unknown): string => {
    const path = join(folder, 'keys.json');
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };

  it('gives a sealer; intake’s has the HMAC keys too', () => {
    expect(loadSealer(file({ current: 'k2', keys })).keyId).toBe('k2');
    const contact = loadContactKeys(file({ current: 'k1', keys, digestKey: keys.k1, queryCodeKey: keys.k2 }));
    expect(contact.queryCodeKey.toString('base64')).toBe(keys.k2);
    expect(contact.sealer.unseal(contact.sealer.seal(1, 't1'), 't1')).toBe(1);
  });

  it.each([
    ['not JSON', `{ "current": "k1", "keys": { "k1": "${keys.k1}"`],
    ['a list', []],
    ['without a current key', { keys }],
    ['with a current key that is not there', { current: 'k9', keys }],
    ['with a short key', { current: 'k1', keys: { k1: randomBytes(16).toString('base64') } }],
    ['with a mangled key', { current: 'k1', keys: { k1: `**${keys.k1}` } }],
  ])('is refused when it is %s, and no key gets into the message', (_, content) => {
    const path = file(content);
    expect(codeOf(() => loadSealer(path))).toBe('key-file-invalid');
    expect(() => loadSealer(path)).not.toThrow(
      expect.objectContaining({ message: expect.stringContaining(keys.k1.slice(0, 12)) as unknown }),
    );
  });

  it('of intake needs the HMAC keys; a missing file says so', () => {
    expect(codeOf(() => loadContactKeys(file({ current: 'k1', keys, digestKey: keys.k1 })))).toBe('key-file-invalid');
    expect(() => loadSealer(join(folder, 'none.json'))).toThrow(/ENOENT/);
  });
});
