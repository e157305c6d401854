import { describe, expect, it } from 'vitest';
import { CredentialsError } from './credentials.ts';
import {
  describeError,
  type FailureReason,
  messageOf,
  oneLine,
  reasonOfError,
  reasonOfStatus,
} from './failure.ts';
import { ForbiddenAddressError } from './forbidden-address.ts';

const coded = (code: string, message = 'x', more: object = {}) =>
  Object.assign(new Error(message), { code, ...more });

describe('the reason of an error', () => {
  it.each<[string, unknown, FailureReason]>([
    ['an unknown host', coded('ENOTFOUND'), 'dns'],
    ['a name server that fails', coded('EAI_AGAIN'), 'dns'],
    ['a refused connection', coded('ECONNREFUSED'), 'connect'],
    ['no way to the host', coded('EHOSTUNREACH'), 'connect'],
    ['too many open files', coded('EMFILE'), 'connect'],
    ['an address that is never called', new ForbiddenAddressError('169.254.169.254'), 'connect'],
    ['an unreadable secret', new CredentialsError('ERR_SECRET_FILE', 'x'), 'connect'],
    ['an unreadable certificate', new CredentialsError('ERR_TLS_FILE', 'x'), 'tls'],
    ['an expired certificate', coded('CERT_HAS_EXPIRED'), 'tls'],
    ['a certificate of nobody we know', coded('DEPTH_ZERO_SELF_SIGNED_CERT'), 'tls'],
    ['a certificate for another host', coded('ERR_TLS_CERT_ALTNAME_INVALID'), 'tls'],
    ['an old protocol version', coded('ERR_SSL_UNSUPPORTED_PROTOCOL'), 'tls'],
    ['a peer that speaks no TLS', coded('EPROTO'), 'tls'],
    ['a connection attempt that takes too long', coded('ETIMEDOUT'), 'timeout'],
    ['an abort', new DOMException('aborted', 'AbortError'), 'timeout'],
    ['a timeout signal', new DOMException('late', 'TimeoutError'), 'timeout'],
    ['a reset', coded('ECONNRESET'), 'reset'],
    ['an answer that is not HTTP', coded('HPE_INVALID_CONSTANT'), 'parse'],
    ['an endless header', coded('HPE_HEADER_OVERFLOW'), 'too_large'],
    ['a cause', new Error('outer', { cause: coded('ENOTFOUND') }), 'dns'],
    ['an aggregate', new AggregateError([coded('ECONNREFUSED'), coded('ETIMEDOUT')]), 'connect'],
    [
      'a code that nobody knows, around one that is known',
      coded('ERR_X', 'x', { cause: coded('EPROTO') }),
      'tls',
    ],
    ['a hostile code', coded('__proto__'), 'reset'],
    ['an error without a code', new Error('x'), 'reset'],
    ['what is no error', 'ENOTFOUND', 'reset'],
  ])('%s', (_, error, reason) => {
    expect(reasonOfError(error)).toBe(reason);
  });

  it('is found although causes form a ring', () => {
    const ring = new Error('a');
    ring.cause = new Error('b', { cause: ring });
    expect(reasonOfError(ring)).toBe('reset');
  });
});

describe('the reason of a status', () => {
  it.each<[number, FailureReason]>([
    [300, 'redirect'],
    [399, 'redirect'],
    [400, 'http_4xx'],
    [499, 'http_4xx'],
    [500, 'http_5xx'],
    [599, 'http_5xx'],
    [999, 'http_5xx'],
    [0, 'http_5xx'],
  ])('%d is %s', (status, reason) => {
    expect(reasonOfStatus(status)).toBe(reason);
  });
});

describe('the description of an error', () => {
  it.each<[string, unknown, string]>([
    [
      'repeats what the system says',
      coded('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:1', { syscall: 'connect' }),
      'connect ECONNREFUSED 127.0.0.1:1',
    ],
    [
      'adds the code that a message lacks',
      coded('CERT_HAS_EXPIRED', 'certificate has expired'),
      'certificate has expired (CERT_HAS_EXPIRED)',
    ],
    [
      'repeats our own words',
      new CredentialsError('ERR_SECRET_FILE', 'cannot read /s: ENOENT'),
      'cannot read /s: ENOENT',
    ],
    [
      'prefers the cause that may be repeated',
      coded('ENOTFOUND', 'canary', {
        cause: coded('ENOTFOUND', 'getaddrinfo ENOTFOUND h', { syscall: 'getaddrinfo' }),
      }),
      'getaddrinfo ENOTFOUND h',
    ],
    ['keeps back the words of others', coded('ERR_BAD_REQUEST', 'Authorization: canary'), 'ERR_BAD_REQUEST'],
    ['is but a name where there is no code', new TypeError('canary'), 'TypeError'],
    ['is but this where it is no error', 'canary', 'unknown error'],
  ])('%s', (_, error, expected) => {
    expect(describeError(error)).toBe(expected);
  });
});

describe('text for one line', () => {
  it('has no line break, no control character and no end beyond 200 characters', () => {
    expect(oneLine(' a\r\nb\u0000\u202ec\t')).toBe('a b c');
    expect(oneLine('x'.repeat(1_000))).toHaveLength(200);
  });

  it('is the message of an error of our own, or else its description', () => {
    expect(messageOf(new Error('the disk\nis full'))).toBe('the disk is full');
    expect(messageOf(new RangeError(''))).toBe('RangeError');
  });
});
