import ipaddr from 'ipaddr.js';

/** What is used of Fastify's request; behind a proxy the address is the citizen's only if `PAIDAN_TRUST_PROXY` names the proxy. */
export interface Request {
  readonly ip: string;
}

/** The address that wrong codes are counted under. Of IPv6 the first half: every household has the other to itself, 2⁶⁴ addresses. */
export const callerAddress = ({ ip }: Request): string => {
  if (!ipaddr.isValid(ip)) return ip;
  const address = ipaddr.process(ip);
  return address.kind() === 'ipv4' ? address.toString() : address.toByteArray().slice(0, 8).join('.');
};
