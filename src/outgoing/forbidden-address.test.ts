import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { createAllowedLookup, isForbiddenAddress, type Resolve } from './forbidden-address.ts';

describe('an address', () => {
  it.each([
    '169.254.169.254',
    '169.254.0.1',
    'fe80::1',
    'fe80::1%eth0',
    'febf::1',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
    'fd00:ec2::254',
  ])('%s is never called', (address) => {
    expect(isForbiddenAddress(address)).toBe(true);
  });

  it.each([
    '127.0.0.1',
    '::1',
    '10.0.0.1',
    '192.168.1.1',
    '169.253.255.255',
    '169.255.0.0',
    'fd00:ec2::253',
    'fec0::1',
    '::ffff:10.0.0.1',
    'trainer',
    '',
  ])('%j may be called', (address) => {
    expect(isForbiddenAddress(address)).toBe(false);
  });
});

describe('a lookup', () => {
  const find = (hostname: string, all: boolean, resolve?: Resolve) =>
    new Promise<string | LookupAddress[]>((found, reject) => {
      createAllowedLookup(resolve)(hostname, { all }, (error, address) =>
        error ? reject(error) : found(address),
      );
    });
  const answering =
    (...addresses: string[]): Resolve =>
    (_hostname, _options, callback) =>
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );

  it('gives one address, or all, as it was asked', async () => {
    expect(await find('127.0.0.1', false)).toBe('127.0.0.1');
    expect(await find('127.0.0.1', true)).toEqual([{ address: '127.0.0.1', family: 4 }]);
  });

  it('gives every address of a name', async () => {
    const many = Array.from({ length: 300 }, (_, index) => `10.0.${index >> 8}.${index & 255}`);
    expect(await find('trainer', true, answering(...many))).toHaveLength(300);
  });

  it.each([[['169.254.169.254']], [['10.0.0.1', 'fe80::1']]])(
    'fails for a name with the addresses %j',
    async (addresses) => {
      await expect(find('trainer', true, answering(...addresses))).rejects.toThrow(
        'is a link-local or metadata address',
      );
      await expect(find('trainer', false, answering(...addresses))).rejects.toThrow(
        'is a link-local or metadata address',
      );
    },
  );

  it('passes on that nothing was found', async () => {
    await expect(find('no-such-host.invalid', true)).rejects.toThrow(/ENOTFOUND|EAI_AGAIN/);
    expect(await find('trainer', false, answering())).toEqual([]);
  });
});
