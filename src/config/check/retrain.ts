/** Checks of `retrain`. */
import { DEFAULTS } from '../defaults.ts';
import type { Finding, Path } from '../problem.ts';
import { quote } from '../problem.ts';
import type { Readable } from '../readable.ts';
import type { RawTrigger, RawWebhook } from '../schema/retrain.ts';
import type { ReadableConfig } from '../validate.ts';
import { hasUserInfo } from '../values/address.ts';
import { checkHttp } from './http.ts';
import { checkReach } from './reach.ts';
import { checkOne, checkUnique, durationAt, entriesOf, isWritten } from './reading.ts';

export function checkRetrain({ retrain }: ReadableConfig): readonly Finding[] {
  if (!retrain) return [];
  const triggers = entriesOf(retrain.triggers).map(({ entry, index }) => ({
    entry,
    path: ['retrain', 'triggers', index],
  }));
  const policies = entriesOf(retrain.policies).map(({ entry, index }) => ({
    entry,
    path: ['retrain', 'policies', index],
  }));
  const names = triggers.map(({ entry, path }) => ({ name: entry.name, path: [...path, 'name'] }));
  return [
    ...checkReach(policies.map(reachOf), 'policy'),
    ...checkUnique(names, 'a name'),
    ...triggers.flatMap(({ entry, path }) => checkTrigger(entry, path)),
    ...checkReach(triggers.map(reachOf), 'trigger'),
  ];
}

function reachOf<T extends { readonly models?: readonly (string | undefined)[] | undefined }>(at: {
  entry: T;
  path: Path;
}) {
  const { entry, path } = at;
  return { models: entry.models, path, unreadable: isWritten(entry, 'models') && entry.models === undefined };
}

function checkTrigger(trigger: Readable<RawTrigger>, path: Path): readonly Finding[] {
  return [
    ...checkOne(trigger, ['webhook', 'log'], { path, required: true }),
    ...(trigger.webhook ? checkWebhook(trigger.webhook, [...path, 'webhook']) : []),
  ];
}

function checkWebhook(webhook: Readable<RawWebhook>, path: Path): readonly Finding[] {
  return [
    ...checkUserInfo(webhook, path),
    ...checkHttp(webhook, path),
    ...checkOne(webhook, ['signing_secret', 'signing_secret_file'], { path, required: false }),
    ...checkSigningSecret(webhook, path),
    ...checkRetry(webhook, path),
  ];
}

function checkUserInfo(webhook: Readable<RawWebhook>, path: Path): readonly Finding[] {
  if (webhook.url === undefined || !hasUserInfo(webhook.url)) return [];
  if (!isWritten(webhook, 'basic_auth') && !isWritten(webhook, 'authorization')) return [];
  return [
    {
      path: [...path, 'url'],
      message:
        'expected one way to authenticate, found user info in the URL beside basic_auth or authorization',
    },
  ];
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function checkSigningSecret(
  { signing_secret: secret }: Readable<RawWebhook>,
  path: Path,
): readonly Finding[] {
  if (secret === undefined) return [];
  const at = [...path, 'signing_secret'];
  if (secret === '') return [{ path: at, message: 'expected a secret, found an empty text' }];
  const encoded = secret.startsWith('whsec_') ? secret.slice('whsec_'.length) : null;
  if (encoded === null || (encoded !== '' && BASE64.test(encoded))) return [];
  return [{ path: at, message: 'expected base64 after whsec_, found something else that is not shown' }];
}

function checkRetry({ retry }: Readable<RawWebhook>, path: Path): readonly Finding[] {
  const initial = durationAt(retry, 'initial', DEFAULTS.retryInitialMs);
  const max = durationAt(retry, 'max', DEFAULTS.retryMaxMs);
  if (!retry || initial === undefined || max === undefined || initial <= max) return [];
  const culprit = isWritten(retry, 'initial') ? 'initial' : 'max';
  return [
    {
      path: [...path, 'retry', culprit],
      message:
        culprit === 'initial'
          ? `expected at most retry.max, ${retry.max ?? '15m'}, found ${quote(retry.initial ?? '')}`
          : `expected at least retry.initial, 5s, found ${quote(retry.max ?? '')}`,
    },
  ];
}
