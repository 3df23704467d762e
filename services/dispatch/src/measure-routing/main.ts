import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { classifierOf } from '../domain/classifier/classifier.js';
import { learn } from '../domain/classifier/learn.js';
import type { Guides } from '../domain/routing/decision.js';
import { topicGuideOf } from '../domain/routing/topics.js';
import { readWholeCity } from '../adapters/city/whole-city.js';
import { EXAMPLE_CITY, misused } from '../measure/inputs.js';
import { readLabelledRows } from '../train/labelled-rows.js';
import { splitRows } from '../train/split.js';
import { decide, THRESHOLDS, type Decided } from './decide.js';

const usage = `npm run measure:routing -- --data LABELLED.csv [--city FOLDER] [--seed N]

How many messages the whole pipeline assigns by itself, and of how many of those the topic is right: by the catalogue's words, with the city's rules, and
with the model of topics, which is learnt here from four fifths of --data. The other fifth is decided. Columns label and text.
`;

const {
  values: { data = misused(usage), ...values },
} = parseArgs({
  options: {
    data: { type: 'string' },
    city: { type: 'string', default: EXAMPLE_CITY },
    seed: { type: 'string', default: '1' },
  },
});
const now = Date.now();
const { directory, codes, rules } = await readWholeCity(values.city, now);

const split = splitRows(readLabelledRows(await readFile(data), data), undefined, [], Number(values.seed));
const { model } = learn(split.training, split.labels, split.groups, Number(values.seed));
const guides: readonly (readonly [string, Guides])[] = [
  ['words', { directory }],
  ['words and rules', { directory, rules }],
  ['words, rules and model', { directory, rules, topics: topicGuideOf(classifierOf(model), codes, directory) }],
];

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;
process.stdout.write(
  `${split.test.length} messages, of ${split.training.length} learnt; right: its topic is one that the label stands for\n`,
);
for (const [name, guide] of guides) {
  const started = performance.now();
  const decided = split.test.map((row) => decide(guide, codes, row, now));
  const seconds = (performance.now() - started) / 1_000;
  process.stdout.write(`\n${name}: ${Math.round(decided.length / seconds)} decisions/s on one core\n`);
  const held = new Map<string, number>();
  for (const { held: because } of decided) if (because !== undefined) held.set(because, (held.get(because) ?? 0) + 1);
  process.stdout.write(`  held: ${[...held].map(([because, count]) => `${because} ${count}`).join(', ')}\n`);
  for (const least of THRESHOLDS) {
    const automatic = decided.filter(({ confidence }: Decided) => confidence >= least);
    const right = automatic.filter(({ isRight }) => isRight === true).length;
    const known = automatic.filter(({ isRight }) => isRight !== undefined).length;
    process.stdout.write(
      `  confidence from ${least.toFixed(2)}: ${percent(automatic.length, decided.length)} automatic, of which right ${percent(right, known)}\n`,
    );
  }
}
