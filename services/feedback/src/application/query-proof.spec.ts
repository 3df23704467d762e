import { createHmac } from 'node:crypto';
import { asNumber, QueryProof } from './query-proof.js';

// As intake makes it (services/intake/src/application/vault.ts): the key out of its own, the proof over ticket id and code.
const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const key = hmac(Buffer.alloc(32, 5), 'query-code-proof');
const ticketId = '0193a3c2-5c00-7000-8000-000000000001';
const ticket = { ticketId, proof: hmac(key, `${ticketId} 7KQX3VHT`).toString('base64url') };
const proof = new QueryProof(key);

describe('a query code', () => {
  it.each(['7KQX3VHT', '7kqx-3vht', ' 7KQX 3UHT ', '７ｋｑｘ３ｖｈｔ'])('fits as «%s»', (code) => {
    expect(proof.fits(ticket, code)).toBe(true);
  });

  it.each(['', '7KQX3VHS', '7KQX3VHTT'])('«%s» does not', (code) => {
    expect(proof.fits(ticket, code)).toBe(false);
  });

  it('fits no other ticket, none that is unknown, and none whose proof is no digest', () => {
    expect(proof.fits({ ...ticket, ticketId: ticketId.replace(/1$/, '2') }, '7KQX3VHT')).toBe(false);
    expect(proof.fits(undefined, '7KQX3VHT')).toBe(false);
    expect(proof.fits({ ticketId, proof: 'short' }, '7KQX3VHT')).toBe(false);
    expect(new QueryProof(Buffer.alloc(32)).fits(ticket, '7KQX3VHT')).toBe(false);
  });

  it('comes with a number that is read as it is typed', () => {
    expect(asNumber(' ２０２６1122－000123 ')).toBe('20261122-000123');
    expect(asNumber('20261122—000123')).toBe('20261122-000123');
  });
});
