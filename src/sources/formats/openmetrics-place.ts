/** What a series is to its family, told by its name and labels. Asked once per series; the answer is remembered. */
import { labelNumber } from '../../selector/label-number.ts';
import { labelNamed, labelSet, valueIn } from './openmetrics-label-set.ts';
import type { Family, Memory, Place } from './openmetrics-memory.ts';
import { markOf } from './openmetrics-memory.ts';
import { BUCKET, INFO, QUANTILE, STATE } from './openmetrics-types.ts';

/** The place of a sample with this role and these labels, or what was expected of its labels. */
export function placeOf(
  memory: Memory,
  { family, role, labels }: { family: Family; role: number; labels: readonly string[] },
): Place | string {
  const { reserved } = family.type;
  const own = reserved === null ? undefined : valueIn(labels, `${reserved}="`);
  let bound = NaN;
  let isOneOfMany = false;
  let metric: string;
  if (role === BUCKET) {
    const number = labelNumber(own ?? '');
    if (number === null) return 'expected a bucket with a number as its label le';
    if (number === Infinity && own !== '+Inf') return 'expected infinity as le="+Inf"';
    bound = number;
    metric = labelSet(labels, 'le="');
  } else if (role === QUANTILE) {
    const number = labelNumber(own ?? '');
    if (number === null || !(number >= 0 && number <= 1)) {
      return 'expected a quantile from 0 to 1 as the label quantile';
    }
    isOneOfMany = true;
    metric = labelSet(labels, 'quantile="');
  } else if (role === STATE) {
    const state = labelNamed(family.name);
    if (valueIn(labels, state) === undefined) {
      return 'expected a state as the label that is named as its stateset';
    }
    isOneOfMany = true;
    metric = labelSet(labels, state);
  } else if (role === INFO) {
    // Which of its labels are the metric's cannot be told.
    isOneOfMany = true;
    metric = '';
  } else if (own !== undefined) {
    return `expected no label ${reserved} on this sample`;
  } else {
    metric = labelSet(labels);
  }
  memory.size++;
  return {
    family,
    role,
    metric: markOf(memory, family.marks, metric),
    bound,
    sample: isOneOfMany ? markOf(memory, family.marks, `sample ${labelSet(labels)}`) : null,
  };
}
