/** Which keys of `from` go together, and what each kind has to say beyond its schema. */
import { checkOne } from '../check/reading.ts';
import type { Finding } from '../problem.ts';
import type { Readable } from '../readable.ts';
import { expectationOf } from '../schema/walk.ts';
import { KINDS, type RawFrom, requiredKeys } from './index.ts';
import type { CheckedAt, Kind } from './kind.ts';

export function checkFrom(from: Readable<RawFrom>, at: CheckedAt): readonly Finding[] {
  const [kind, second] = KINDS.filter(({ key }) => Object.hasOwn(from, key));
  if (!kind || second) {
    const keys = KINDS.map(({ key }) => key as keyof RawFrom);
    return checkOne(from, keys, { path: at.path, required: true });
  }
  return [
    ...checkMissing(from, kind, at),
    ...checkMisplaced(from, kind, at),
    ...(kind.check?.(from, at) ?? []),
  ];
}

function checkMissing(from: Readable<RawFrom>, kind: Kind, { path }: CheckedAt): readonly Finding[] {
  return requiredKeys(kind)
    .filter((key) => !Object.hasOwn(from, key))
    .map((key) => ({
      path: [...path, key],
      message: `expected ${expectationOf(kind.keys[key])}, found nothing`,
    }));
}

function checkMisplaced(from: Readable<RawFrom>, kind: Kind, { path }: CheckedAt): readonly Finding[] {
  const misplaced = Object.keys(from).filter((key) => !Object.hasOwn(kind.keys, key));
  return misplaced.map((key) => {
    const owners = KINDS.filter(({ keys }) => Object.hasOwn(keys, key));
    const reason = owners.map(({ elsewhere }) => elsewhere?.[key]).find((why) => why !== undefined);
    const message = `expected beside ${owners.map((owner) => owner.key).join(', ')} only, found beside ${kind.key}`;
    return {
      path: [...path, key],
      message: reason === undefined ? message : `${message} (${reason})`,
      atKey: true,
    };
  });
}
