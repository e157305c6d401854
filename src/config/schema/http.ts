/** The HTTP client part of the schema, with the names and meanings of Prometheus; shared by scrapes and webhooks. */
import * as z from 'zod';
import { headerValueFault, tokenFault } from '../values/names.ts';
import { type Check, filledText, marks, text, yesNo } from './leaf.ts';

/** A secret that stands in the config itself; `${ENV_VAR}` is replaced in it. */
export function secret(expected: string) {
  return text(expected, { hidden: 'secret', environment: true }).meta({ writeOnly: true });
}

export function file(expected: string) {
  return filledText(expected);
}

export function headers(check: Check) {
  const name = text('a header name', { check });
  const value = text('a header value', { hidden: 'secret', environment: true, check: headerValueFault });
  return z
    .record(name, value.meta({ type: ['string', 'number', 'boolean'], writeOnly: true }))
    .register(marks, { expected: 'a mapping of header names to values' })
    .meta({
      description: `Headers of each request. Values are secret: they are shown nowhere, and \${ENV_VAR} is replaced in them. Default: none.`,
    });
}

export function basicAuth() {
  return z
    .strictObject({
      username: text('a user name').meta({ description: 'The user name.' }),
      password: secret('a password')
        .meta({
          description: `The password; \${ENV_VAR} is replaced. Exactly one of password and password_file.`,
        })
        .optional(),
      password_file: file('the path of a file that holds the password')
        .meta({
          description:
            'Instead of password: a file that holds it, read anew for each request. Relative paths start at the config file.',
        })
        .optional(),
    })
    .register(marks, { expected: 'a mapping with username and one of password, password_file' })
    .meta({ description: 'HTTP basic authentication. At most one of basic_auth and authorization.' });
}

export function authorization() {
  return z
    .strictObject({
      type: filledText('an authentication scheme such as Bearer', { check: tokenFault })
        .meta({ description: 'The first word of the Authorization header. Default: Bearer.' })
        .optional(),
      credentials: secret('credentials')
        .meta({
          description: `What follows; \${ENV_VAR} is replaced. Exactly one of credentials and credentials_file.`,
        })
        .optional(),
      credentials_file: file('the path of a file that holds the credentials')
        .meta({
          description:
            'Instead of credentials: a file that holds them, read anew for each request. Relative paths start at the config file.',
        })
        .optional(),
    })
    .register(marks, { expected: 'a mapping with one of credentials, credentials_file' })
    .meta({ description: 'The Authorization header. At most one of basic_auth and authorization.' });
}

export function tlsConfig() {
  return z
    .strictObject({
      ca_file: file('the path of a file with certificates')
        .meta({ description: 'Certificates (PEM) of the authorities to trust. Default: those of Node.' })
        .optional(),
      cert_file: file('the path of a file with a certificate')
        .meta({ description: 'The client certificate (PEM); goes with key_file.' })
        .optional(),
      key_file: file('the path of a file with a key')
        .meta({ description: 'The key (PEM) of the client certificate; goes with cert_file.' })
        .optional(),
      server_name: filledText('a host name')
        .meta({
          description: 'The name that the certificate of the server must carry. Default: the host asked.',
        })
        .optional(),
      insecure_skip_verify: yesNo()
        .meta({ description: 'Takes any certificate. Default: false.' })
        .optional(),
    })
    .meta({ description: 'TLS of the connection; used with https only.' });
}
