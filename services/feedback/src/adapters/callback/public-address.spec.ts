import type { LookupAddress } from 'node:dns';
import { AddressRefused, isPublic, publicLookup, refuseLiteral } from './public-address.js';

describe('an address', () => {
  it.each(['8.8.8.8', '114.114.114.114', '2400:3200::1', '2001:4860:4860::8888'])('%s is public', (address) => {
    expect(isPublic(address)).toBe(true);
  });

  it.each([
    ...['10.0.0.1', '172.16.9.9', '192.168.1.1', '127.0.0.1', '127.9.9.9', '0.0.0.0', '169.254.169.254', '100.64.0.1'],
    ...['224.0.0.1', '255.255.255.255', '240.0.0.1', '192.0.2.1', '198.18.0.1'],
    ...['::', '::1', 'fe80::1', 'fe80::1%eth0', 'fc00::1', 'fd12::1', 'ff02::1', '2001:db8::1'],
    ...['::ffff:10.0.0.1', '::ffff:127.0.0.1', '64:ff9b::10.0.0.1', '2002:0a00:0001::1', '2001::1'],
    'not an address',
  ])('%s is not', (address) => {
    expect(isPublic(address)).toBe(false);
  });

  it('in a URL is refused however it is written', () => {
    for (const url of [
      'http://127.1/',
      'http://2130706433/',
      'http://0x7f.1/',
      'http://[::1]/',
      'http://[::ffff:10.0.0.1]/',
      'http://１０.0.0.1/',
    ])
      expect(() => refuseLiteral(new URL(url).hostname)).toThrow(AddressRefused);
    expect(() => refuseLiteral(new URL('https://8.8.8.8/').hostname)).not.toThrow();
    expect(() => refuseLiteral('channel.example')).not.toThrow();
  });
});

describe('the look-up of a call-back', () => {
  const addresses = (...found: string[]): LookupAddress[] => found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const lookUp = (found: LookupAddress[] | Error, all = true) =>
    new Promise<unknown>((resolve) =>
      publicLookup((_hostname, _options, done) => (found instanceof Error ? done(found, []) : done(null, found)))(
        'channel.example',
        { all },
        (error, address) => resolve(error ?? address),
      ),
    );

  it('gives the addresses that it has checked', async () => {
    expect(await lookUp(addresses('8.8.8.8', '2400:3200::1'))).toEqual(addresses('8.8.8.8', '2400:3200::1'));
    expect(await lookUp(addresses('8.8.8.8'), false)).toBe('8.8.8.8');
  });

  it('refuses a name with one private address among others, and one with none', async () => {
    expect(await lookUp(addresses('8.8.8.8', '10.1.2.3'))).toMatchObject({
      name: 'AddressRefused',
      message: 'channel.example leads to 10.1.2.3, which is not a public address',
    });
    expect(await lookUp([])).toMatchObject({ name: 'AddressRefused' });
    expect(await lookUp(Object.assign(new Error('x'), { code: 'ENOTFOUND' }))).toMatchObject({ code: 'ENOTFOUND' });
  });
});
