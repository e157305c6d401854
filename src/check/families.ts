/** The series of a page by the metric that they are parts of, with its type as far as it can be told. */
import type { CheckedPage, PageSeries } from './page.ts';

export type FamilyType = 'counter' | 'gauge' | 'histogram' | 'summary' | 'info' | 'stateset' | 'unknown';

export interface Family {
  /** What `from` calls it: histograms and summaries without suffix, counters with theirs. */
  readonly name: string;
  readonly type: FamilyType;
  readonly series: readonly PageSeries[];
}

/** By name. What relabelling drops is left out. */
export function familiesOf(page: CheckedPage, series: readonly PageSeries[]): Family[] {
  const named = series.filter(({ labels }) => (labels?.get('__name__') ?? '') !== '');
  const names = new Set(named.map(nameOf));
  const declared = declaredTypes(page);
  const families = new Map<string, { name: string; type: FamilyType; series: PageSeries[] }>();
  for (const one of named) {
    const { name, type } = placeOf(one, { names, declared });
    const family = families.get(name);
    if (!family) families.set(name, { name, type, series: [one] });
    else {
      family.series.push(one);
      if (family.type === 'unknown') family.type = type;
    }
  }
  return [...families.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

const PARTS = /_(?:bucket|sum|count|created|gcount|gsum)$/;

/** Of which family a series is; where the page declares no type, what its name and labels say. */
function placeOf(
  one: PageSeries,
  { names, declared }: { names: ReadonlySet<string>; declared: ReadonlyMap<string, FamilyType> },
): { readonly name: string; readonly type: FamilyType } {
  const name = nameOf(one);
  const own = one.own.get('__name__') ?? '';
  if (one.native) return { name, type: 'histogram' };
  const base = name.replace(PARTS, '');
  const isPart = base !== name;
  const ofBase = isPart ? declared.get(own.replace(PARTS, '')) : undefined;
  if (ofBase === 'histogram' || ofBase === 'summary') return { name: base, type: ofBase };
  if (name.endsWith('_created') && names.has(`${base}_total`))
    return { name: `${base}_total`, type: 'counter' };
  if (name.endsWith('_info')) return { name, type: 'info' };
  const type = declared.get(own) ?? declared.get(own.replace(/_total$/, ''));
  if (type !== undefined) return { name, type };
  if (isPart && names.has(`${base}_bucket`)) return { name: base, type: 'histogram' };
  if (isPart && names.has(`${base}_sum`) && names.has(`${base}_count`))
    return { name: base, type: 'summary' };
  if (one.labels!.has('quantile')) return { name, type: 'summary' };
  return { name, type: name.endsWith('_total') ? 'counter' : 'unknown' };
}

function nameOf({ labels }: PageSeries): string {
  return labels!.get('__name__')!;
}

const TYPES: ReadonlySet<string> = new Set(['counter', 'gauge', 'histogram', 'summary', 'info', 'stateset']);
const TYPE = '# TYPE ';
const NEWLINE = 0x0a;
/** No sensible name is longer; where one is, its type stays unknown. */
const MAX_LINE_LENGTH = 512;

/** What the `# TYPE` lines of the text formats say. */
function declaredTypes({ format, content: { bytes, length } }: CheckedPage): ReadonlyMap<string, FamilyType> {
  const types = new Map<string, FamilyType>();
  if (format.name === 'protobuf') return types;
  const page = bytes.subarray(0, length);
  for (let at = page.indexOf(TYPE); at >= 0; at = page.indexOf(TYPE, at + TYPE.length)) {
    if (at > 0 && page[at - 1] !== NEWLINE) continue;
    const line = page
      .subarray(at, at + MAX_LINE_LENGTH)
      .toString('utf8')
      .split('\n', 1)[0]!;
    const match = /^# TYPE\s+(?:"((?:[^"\\]|\\.)*)"|(\S+))\s+(\w+)\s*$/.exec(line);
    const type = match?.[3] ?? '';
    if (match && TYPES.has(type)) types.set(match[2] ?? unescaped(match[1]!), type as FamilyType);
  }
  return types;
}

function unescaped(name: string): string {
  return name.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
}
