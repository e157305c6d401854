/** Sizes as Prometheus reads them: `512KB`, `10MB`, `1.5GiB`, `0`; every unit is a power of 1024, with or without the `i`. */

const SIZE = /^(?:(?:\d+(?:\.\d*)?|\.\d+)(?:[KMGTPE]i?)?B)+$/;
const PARTS = /(\d+(?:\.\d*)?|\.\d+)([KMGTPE]?)i?B/g;
const POWERS = ['', 'K', 'M', 'G', 'T', 'P', 'E'];

/** The same as a pattern for editors. */
export const SIZE_PATTERN = '^(0|((\\d+(\\.\\d*)?|\\.\\d+)([KMGTPE]i?)?B)+)$';

/** Bytes, or null where the text is no size. */
export function parseSize(text: string): number | null {
  if (text === '0') return 0;
  if (!SIZE.test(text)) return null;
  let bytes = 0;
  for (const [, number, unit] of text.matchAll(PARTS)) {
    bytes += Number(number) * 1024 ** POWERS.indexOf(unit ?? '');
  }
  return bytes <= Number.MAX_SAFE_INTEGER ? Math.floor(bytes) : null;
}
