/** Whether a TLS client's certificate satisfies `client_auth_type` and `client_allowed_sans` of the web config file. */
import type { TLSSocket } from 'node:tls';
import type { WebTls } from './web-tls.ts';

export function clientFits(
  socket: TLSSocket,
  { clientAuth, allowedSans }: Pick<WebTls, 'clientAuth' | 'allowedSans'>,
): boolean {
  switch (clientAuth) {
    case 'NoClientCert':
    case 'RequestClientCert':
      return true;
    case 'VerifyClientCertIfGiven':
      return socket.authorized || !socket.getPeerX509Certificate();
    case 'RequireAnyClientCert':
    case 'RequireClientCert':
      return sansFit(socket, allowedSans);
    case 'RequireAndVerifyClientCert':
      return socket.authorized && sansFit(socket, allowedSans);
    default:
      return clientAuth satisfies never;
  }
}

function sansFit(socket: TLSSocket, allowed: readonly string[]): boolean {
  const certificate = socket.getPeerX509Certificate();
  if (!certificate) return false;
  return (
    allowed.length === 0 ||
    subjectAltNames(certificate.subjectAltName ?? '').some((name) => allowed.includes(name))
  );
}

/** Node lists names as `DNS:a.example, IP Address:10.0.0.1`, and quotes as JSON what could be mistaken for a list. */
export function subjectAltNames(text: string): string[] {
  const names: string[] = [];
  for (const [, , value] of text.matchAll(/(DNS|IP Address|URI|email):("(?:[^"\\]|\\.)*"|[^,]*)/g)) {
    names.push(value!.startsWith('"') ? String(JSON.parse(value!)) : value!);
  }
  return names;
}
