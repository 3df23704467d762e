import ipaddr from 'ipaddr.js';
import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';

/** A call-back's host leads to where no call-back may: into our own network. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/**
 * Whether an address lies in the open Internet: not private, loopback, link-local (where clouds keep their metadata), shared, reserved, multicast – nor an
 * IPv6 address that stands for an IPv4 one, by whatever way of mapping it: `process` undoes the usual one, the others are ranges of their own.
 */
export const isPublic = (address: string): boolean => ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';

/** @throws AddressRefused for a host that is itself an address, which nobody looks up */
export const refuseLiteral = (hostname: string): void => {
  const literal = hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(literal) !== 0 && !isPublic(literal)) throw new AddressRefused(`${literal} is not a public address`);
};

type Resolve = (
  hostname: string,
  options: { all: true },
  done: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void;

/**
 * The look-up that a connection is made by, so that the address that was checked is the one that is called: looked up once more, a name could answer with
 * another (DNS rebinding). One private address among several is enough to refuse them all.
 */
export const publicLookup =
  (resolve: Resolve = systemLookup): LookupFunction =>
  (hostname, options, done) => {
    resolve(hostname, { all: true }, (error, found) => {
      const [first] = found ?? [];
      const refused = found?.find(({ address }) => !isPublic(address));
      if (error !== null) done(error, '');
      else if (refused !== undefined)
        done(new AddressRefused(`${hostname} leads to ${refused.address}, which is not a public address`), '');
      else if (first === undefined) done(new AddressRefused(`${hostname} leads nowhere`), '');
      else if (options.all === true) done(null, found);
      else done(null, first.address, first.family);
    });
  };
