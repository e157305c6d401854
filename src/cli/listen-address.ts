/** `host:port` as Prometheus writes it: `0.0.0.0:9822`, `:9822`, `[::1]:9822`. */

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** Undefined where the text is no address. Without a host: every IPv4 interface. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]/]*)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (!match || port > 65535) return undefined;
  return { host: match[1] ?? (match[2] || '0.0.0.0'), port };
}
