/**
 * What is known of one target's pages: in which format they come, which series they hold, and where those go. Nothing
 * here waits for anything, so that a page is taken whole or not at all.
 */
import type { Samples } from '../core/derive/samples.ts';
import type { Time } from '../core/signal.ts';
import type { Batch } from '../core/world.ts';
import type { FailureReason } from '../outgoing/failure.ts';
import type { PageFormat } from './formats/format.ts';
import { formatOf } from './formats/index.ts';
import type { Page } from './formats/page.ts';
import type { RouterOptions } from './route.ts';
import { Router } from './route.ts';
import type { SeriesBudget } from './series-table.ts';
import { SeriesTable } from './series-table.ts';

/** How a page fared, beyond what is counted elsewhere. */
export type PageOutcome =
  | { readonly ok: true; readonly samples: number }
  | { readonly ok: false; readonly reason: FailureReason; readonly message: string };

export interface TakeOptions {
  readonly page: Page;
  /** As the target has sent it; may be wrong or missing. */
  readonly contentType: string;
  readonly sampleLimit: number;
  /** Overwritten. */
  readonly samples: Samples;
  /** Hands `fill` a batch and the time; may not call it where nothing can be stored. */
  submit(fill: (into: Batch, now: Time) => void): void;
  /** Milliseconds since the scrape began. */
  ageMs(): number;
}

/** So many refused pages in a row are no accident. */
const MANY_REFUSALS = 3;

interface Known {
  readonly format: PageFormat;
  readonly table: SeriesTable;
  router: Router;
  /** Some page of it was taken. */
  taken: boolean;
  /** Pages that were refused since. */
  refusals: number;
}

export class TargetPage {
  readonly #budget: SeriesBudget;
  #routing: RouterOptions;
  #known: Known | null = null;
  /** Formats that the target gets wrong, from the beginning or again and again; it may be better at another one. */
  readonly unfit = new Set<PageFormat>();

  constructor(routing: RouterOptions, budget: SeriesBudget) {
    this.#routing = routing;
    this.#budget = budget;
  }

  /** Where series go from now on; the series themselves stay known. */
  redirect(entries: RouterOptions['entries']): void {
    this.#routing = { ...this.#routing, entries };
    this.unfit.clear();
    if (this.#known) this.#known.router = new Router(this.#routing, this.#known);
  }

  take({ page, contentType, sampleLimit, samples, submit, ageMs }: TakeOptions): PageOutcome {
    const format = formatOf(contentType, page, this.unfit);
    if ('refusal' in format) return { ok: false, reason: 'parse', message: format.refusal };
    const known = this.#in(format);
    const { table, router } = known;
    const parsed = format.parse({ page, table, into: samples, sampleLimit });
    if (!parsed.ok) {
      if (parsed.reason === 'parse' && (!known.taken || ++known.refusals >= MANY_REFUSALS))
        this.unfit.add(format);
      const place = parsed.reason === 'parse' ? `${parsed.place}: ` : '';
      return { ok: false, reason: parsed.reason, message: `${place}${parsed.message}` };
    }
    known.taken = true;
    known.refusals = 0;
    const { intake } = this.#routing;
    if (parsed.refused > 0) intake.countDropped('scrape', 'max_series', parsed.refused);
    // By its age, because the clock may have been set since the scrape began.
    submit((into, now) =>
      router.derive(samples, { at: now - ageMs(), receivedAt: now, complete: parsed.refused === 0, into }),
    );
    router.forget(table.commit(samples));
    return { ok: true, samples: samples.length + parsed.refused };
  }

  /** Gives back what it took of the budget. */
  dispose(): void {
    this.#known?.table.dispose();
    this.#known = null;
  }

  /** A target may change its format; the same series are then spelled in another way. */
  #in(format: PageFormat): Known {
    if (this.#known?.format === format) return this.#known;
    this.dispose();
    const table = new SeriesTable(this.#budget);
    this.#known = {
      format,
      table,
      router: new Router(this.#routing, { format, table }),
      taken: false,
      refusals: 0,
    };
    return this.#known;
  }
}
