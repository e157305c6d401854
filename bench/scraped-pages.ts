/** The pages of the figure on parsing: what a target shows, page after page, and the config that watches it. */
import type { Config } from '../src/config/config.ts';
import { END_OF_OPENMETRICS, GaugePage, gaugeConfigYaml } from './pages.ts';
import { ServingPage, servingConfigYaml } from './serving-page.ts';
import { loadShippedConfig } from './shipped.ts';

const SERIES = 10_000;
const TARGET = '127.0.0.1:1';

const TEXT = 'text/plain; version=0.0.4';
const OPENMETRICS = 'application/openmetrics-text; version=1.0.0';
const PROTOBUF =
  'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited';

/** Consecutive pages of one target in one format. */
export interface ScrapedPages {
  readonly name: string;
  readonly contentType: string;
  readonly bodies: readonly Buffer[];
  readonly config: Config;
  readonly signals: number;
  /** On each page, as our parsers count them. */
  readonly samples: number;
  /** The name of the same pages as text, which is all that the peer reads. */
  readonly text: string;
  /** Of the way to updated EMAs, against the peer. */
  readonly goal?: number;
}

/** `count` pages of each kind. */
export async function createScrapedPages(count: number): Promise<ScrapedPages[]> {
  const ticks = [...Array(count).keys()];
  const gauges = new GaugePage(SERIES);
  const gaugeTexts = ticks.map((tick) => gauges.render(tick));
  const gaugeConfig = await loadShippedConfig(gaugeConfigYaml({ target: TARGET, interval: '1s' }));
  const ofGauges = { config: gaugeConfig, signals: SERIES, samples: SERIES, text: 'gauges as text', goal: 6 };

  const serving = new ServingPage(SERIES);
  const grown = ticks.map(() => {
    serving.grow();
    return {
      text: Buffer.from(serving.text()),
      openMetrics: Buffer.from(serving.openMetrics()),
      protobuf: serving.protobuf(),
    };
  });
  const ofServing = {
    config: await loadShippedConfig(servingConfigYaml(TARGET)),
    signals: serving.signals,
    samples: SERIES,
    text: 'histograms as text',
  };

  return [
    {
      ...ofGauges,
      name: 'gauges as text',
      contentType: TEXT,
      bodies: gaugeTexts.map((text) => Buffer.from(text)),
    },
    {
      ...ofGauges,
      name: 'gauges as OpenMetrics',
      contentType: OPENMETRICS,
      bodies: gaugeTexts.map((text) => Buffer.from(text + END_OF_OPENMETRICS)),
    },
    {
      ...ofServing,
      name: 'histograms as text',
      contentType: TEXT,
      bodies: grown.map(({ text }) => text),
      goal: 6,
    },
    {
      ...ofServing,
      name: 'histograms as OpenMetrics',
      contentType: OPENMETRICS,
      bodies: grown.map(({ openMetrics }) => openMetrics),
    },
    {
      ...ofServing,
      name: 'native histograms as protobuf',
      contentType: PROTOBUF,
      bodies: grown.map(({ protobuf }) => protobuf),
      samples: serving.nativeSamples,
    },
  ];
}
