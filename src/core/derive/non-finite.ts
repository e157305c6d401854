/** Why a value that is no number is dropped: Prometheus' stale marker is a NaN of its own. */

const STALE_MARKER = 0x7ff0000000000002n;

/** `column[row]` is not finite. The bits are looked at in place, because a NaN that is handed on may lose them. */
export function nonFiniteReason(column: Float64Array, row: number): 'stale_marker' | 'non_finite' {
  const bits = new BigUint64Array(column.buffer, column.byteOffset + row * column.BYTES_PER_ELEMENT, 1);
  return bits[0] === STALE_MARKER ? 'stale_marker' : 'non_finite';
}
