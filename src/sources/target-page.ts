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
  /** Pages that were refused since one was taken. */
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
    const before = this.#known;
    const known = before?.format === format ? before : this.#begin(format);
    const { table, router } = known;
    // Where the format has changed, one of the two tables will go: they share the room of one.
    const lent = known === before ? 0 : (before?.table.size ?? 0);
    this.#budget.used -= lent;
    const parsed = format.parse({ page, table, into: samples, sampleLimit });
    if (!parsed.ok) {
      this.#budget.used += lent;
      if (parsed.reason === 'parse' && (known !== before || ++known.refusals >= MANY_REFUSALS))
        this.unfit.add(format);
      const place = parsed.reason === 'parse' ? `${parsed.place}: ` : '';
      return { ok: false, reason: parsed.reason, message: `${place}${parsed.message}` };
    }
    known.refusals = 0;
    this.#known = known;
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
  #begin(format: PageFormat): Known {
    const table = new SeriesTable(this.#budget);
    return { format, table, router: new Router(this.#routing, { format, table }), refusals: 0 };
  }
}
