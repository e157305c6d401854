/** What the server takes of anybody at most, on by default: slow, large and many are how one client starves the rest. */

export interface HttpLimits {
  /** Of request line and headers together. */
  readonly headerBytes: number;
  /** Of one pushed body, decoded. */
  readonly bodyBytes: number;
  /** Of all bodies that are being read, together. */
  readonly heldBodyBytes: number;
  readonly connections: number;
  /** From the first byte, or the connection, to the end of the headers; of a TLS handshake too. */
  readonly headersTimeoutMs: number;
  /** From the first byte to the end of the body. */
  readonly requestTimeoutMs: number;
  /** How often the two above are looked at. */
  readonly checkIntervalMs: number;
  /** How long an idle connection is kept for the next request; above the usual scrape intervals. */
  readonly keepAliveTimeoutMs: number;
  /** Without a byte in either direction. */
  readonly idleTimeoutMs: number;
  /** To make a page of metrics and have it taken. */
  readonly pageTimeoutMs: number;
  /** What requests in progress get when the server stops. */
  readonly drainMs: number;
}

export const DEFAULT_LIMITS: HttpLimits = {
  headerBytes: 16 * 1024,
  bodyBytes: 10_000_000,
  heldBodyBytes: 64_000_000,
  connections: 256,
  headersTimeoutMs: 5000,
  requestTimeoutMs: 10_000,
  checkIntervalMs: 1000,
  keepAliveTimeoutMs: 65_000,
  idleTimeoutMs: 30_000,
  pageTimeoutMs: 30_000,
  drainMs: 5000,
};
