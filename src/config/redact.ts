/** The config as it was written, for people to see: without secrets, and without comments, as those may hold some. */
import { stringify } from 'yaml';
import { mapScalars } from './schema/walk.ts';
import type { RawConfig } from './schema.ts';
import { configSchema } from './schema.ts';
import { HIDDEN, redactUrl } from './values/address.ts';

export function redactConfig(config: RawConfig): string {
  const redacted = mapScalars(configSchema, config, (value, mark) => {
    if (mark?.hidden === 'secret') return HIDDEN;
    return mark?.hidden === 'url' && typeof value === 'string' ? redactUrl(value) : value;
  });
  return stringify(redacted, { lineWidth: 0, aliasDuplicateObjects: false });
}
