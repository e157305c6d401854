import { describe, expect, it } from 'vitest';
import { negotiate } from './negotiate.ts';

const OPENMETRICS = 'application/openmetrics-text';

describe('the format of a page', () => {
  it.each<[client: string, accept: string | undefined, format: string]>([
    ['no header', undefined, 'text'],
    ['an empty header', '', 'text'],
    ['curl', '*/*', 'text'],
    ['a browser', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'text'],
    [
      'Prometheus 2.42',
      `${OPENMETRICS};version=1.0.0;q=0.8,${OPENMETRICS};version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1`,
      'openmetrics',
    ],
    [
      'Prometheus 3',
      `${OPENMETRICS};version=1.0.0;escaping=allow-utf-8;q=0.5,${OPENMETRICS};version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1`,
      'openmetrics',
    ],
    ['one that knows text only', 'text/plain;version=0.0.4', 'text'],
    ['one that knows OpenMetrics only', OPENMETRICS, 'openmetrics'],
    ['one that prefers text', `${OPENMETRICS};q=0.5, text/plain`, 'text'],
    ['one that does not care', `text/plain, ${OPENMETRICS}`, 'text'],
    ['one that does not want OpenMetrics', `${OPENMETRICS};q=0, */*`, 'text'],
    ['one that wants a version that we do not write', `${OPENMETRICS};version=2.0.0`, 'text'],
    ['upper case and blanks', ` Application/OpenMetrics-Text ; Version="1.0.0" ; Q=1 `, 'openmetrics'],
    ['a weight that is no number', `${OPENMETRICS};q=high`, 'text'],
    [
      'one that wants protobuf',
      'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily',
      'text',
    ],
    ['one that wants an image', 'image/png', 'text'],
    ['garbage', ';;q=,,/;=', 'text'],
  ])('for %s', (_client, accept, format) => expect(negotiate(accept)).toBe(format));
});
