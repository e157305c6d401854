import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { isForbiddenAddress, lookupAllowed } from './forbidden-address.ts';

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
  const find = (hostname: string, all: boolean) =>
    new Promise<string | LookupAddress[]>((resolve, reject) => {
      lookupAllowed(hostname, { all }, (error, address) => (error ? reject(error) : resolve(address)));
    });

  it('gives one address, or all, as it was asked', async () => {
    expect(await find('127.0.0.1', false)).toBe('127.0.0.1');
    expect(await find('127.0.0.1', true)).toEqual([{ address: '127.0.0.1', family: 4 }]);
  });

  it('fails where an address may not be called', async () => {
    await expect(find('169.254.169.254', true)).rejects.toThrow(
      '169.254.169.254 is a link-local or metadata address',
    );
  });

  it('passes on that nothing was found', async () => {
    await expect(find('no-such-host.invalid', true)).rejects.toThrow(/ENOTFOUND|EAI_AGAIN/);
  });
});
