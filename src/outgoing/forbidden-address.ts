/**
 * Addresses that no webhook is at: the link-local range, where clouds serve credentials to whoever asks. Private
 * addresses are fine, a sidecar's trainer usually has one. Checked when a name has been resolved, so that a name
 * that changes its address (DNS rebinding) gains nothing.
 */
import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** A host that resolves to an address that must not be called. */
export class ForbiddenAddressError extends Error {
  readonly code = 'ERR_FORBIDDEN_ADDRESS';

  constructor(address: string) {
    super(`${address} is a link-local or metadata address, which is never called`);
    this.name = 'ForbiddenAddressError';
  }
}

const forbidden = forbiddenAddresses();

/** `address` is an IP address without brackets; anything else is not forbidden. IPv4-mapped IPv6 counts as its IPv4. */
export function isForbiddenAddress(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && forbidden.check(address.replace(/%.*$/, ''), family === 4 ? 'ipv4' : 'ipv6');
}

/** Resolves a name to all its addresses, as `dns.lookup` does with `all`. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** A `lookup` for `net.connect` that fails with a `ForbiddenAddressError` where any address is forbidden. */
export function createAllowedLookup(resolve: Resolve = lookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const bad = addresses.find(({ address }) => isForbiddenAddress(address));
      if (bad) return callback(new ForbiddenAddressError(bad.address), []);
      const [first] = addresses;
      if (options.all || !first) return callback(null, addresses);
      callback(null, first.address, first.family);
    });
  };
}

function forbiddenAddresses(): BlockList {
  const list = new BlockList();
  list.addSubnet('169.254.0.0', 16, 'ipv4');
  list.addSubnet('fe80::', 10, 'ipv6');
  list.addAddress('fd00:ec2::254', 'ipv6');
  // The same IPv4 range behind NAT64 and 6to4.
  list.addSubnet('64:ff9b::a9fe:0', 112, 'ipv6');
  list.addSubnet('2002:a9fe::', 32, 'ipv6');
  return list;
}
