/** `metric_relabel_configs` as people write them: Prometheus' names, defaults and meanings. */
import * as z from 'zod';
import {
  ANY_LABEL_NAME_PATTERN,
  anyLabelNameFault,
  RELABEL_ACTIONS,
  regexFault,
  relabelActionFault,
} from '../values/relabel.ts';
import { integer, marks, text } from './leaf.ts';

const sourceLabel = text('a label name of letters, digits and _', { check: anyLabelNameFault });

const relabelSchema = z.strictObject({
  source_labels: z
    .array(sourceLabel.meta({ pattern: ANY_LABEL_NAME_PATTERN }))
    .register(marks, { expected: 'a list of label names' })
    .meta({
      description:
        'Labels whose values, joined, are what the rule looks at; __name__ is the metric name, a label that is not there counts as empty. Default: none.',
    })
    .optional(),
  separator: text('a text to join values with')
    .meta({ description: 'Stands between the joined values. Default: ;.' })
    .optional(),
  target_label: text('a label name')
    .meta({
      description: `The label that replace, hashmod, lowercase and uppercase write, and that keepequal and dropequal compare with. With replace, $1, \${1} and \${name} stand for groups of the regex; where no label name comes out, nothing is written.`,
    })
    .optional(),
  regex: text('a regular expression (RE2)', { check: regexFault })
    .meta({
      description:
        'What the joined values, or with labelmap, labeldrop and labelkeep the label names, must match from end to end. RE2 syntax. Default: (.*).',
    })
    .optional(),
  modulus: integer(1, Number.MAX_SAFE_INTEGER)
    .meta({ description: 'What hashmod divides the hash by; the remainder is written.' })
    .optional(),
  replacement: text('a text')
    .meta({
      description: `What replace writes, or the name that labelmap gives; $1, \${1} and \${name} stand for groups of the regex, $$ for a dollar sign. An empty result takes the label away. Default: $1.`,
    })
    .optional(),
  action: text(`one of ${RELABEL_ACTIONS.join(', ')}`, { check: relabelActionFault })
    .meta({
      // Prometheus takes any case; editors offer the words.
      anyOf: [{ enum: RELABEL_ACTIONS }, { pattern: '^[a-zA-Z]+$' }],
      description:
        'replace writes a label where the regex matches. keep and drop decide on the series by the regex, keepequal and dropequal by whether the joined values are the target label’s. lowercase and uppercase write the joined values so, hashmod a number from 0 to modulus - 1 made of them. labelmap copies labels to other names, labeldrop and labelkeep choose labels by name. Default: replace.',
    })
    .optional(),
});

export const relabelConfigs = z.array(relabelSchema).meta({
  description:
    'Rules that rewrite the labels of scraped series, or drop series, before `from` selects and identity names them; applied in this order, as in Prometheus. They see the labels of the sample and, where it has none of that name, those of the target, job and instance too. Default: none.',
});

export type RawRelabelConfig = z.infer<typeof relabelSchema>;
