import { expect, it } from 'vitest';
import { parseListenAddress } from './listen-address.ts';

it.each([
  ['0.0.0.0:9822', { host: '0.0.0.0', port: 9822 }],
  [':9822', { host: '0.0.0.0', port: 9822 }],
  ['localhost:0', { host: 'localhost', port: 0 }],
  ['[::1]:9822', { host: '::1', port: 9822 }],
  ['9822', undefined],
  ['localhost', undefined],
  ['localhost:', undefined],
  ['localhost:65536', undefined],
  ['::1:9822', undefined],
  ['http://localhost:9822', undefined],
  ['', undefined],
])('%j is %j', (text, address) => {
  expect(parseListenAddress(text)).toEqual(address);
});
