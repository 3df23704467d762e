import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { matterBlender } from '../domain/classifier/blend-matters.js';
import { classifierOf } from '../domain/classifier/classifier.js';
import { learn } from '../domain/classifier/learn.js';
import { groupTwins } from '../domain/classifier/twins.js';
import { scoreMatters, type ScoredMatter } from '../domain/routing/matter-scores.js';
import { readWholeCity } from '../adapters/city/whole-city.js';
import { EXAMPLE_CITY, misused, rowsOf } from '../measure/inputs.js';
import { readLabelledRows } from '../train/labelled-rows.js';
import { topicGuideOf } from '../domain/routing/topics.js';
import { assignedOf, ratesOf, type Checked } from './rates.js';

const usage = `npm run measure:matters -- --data LABELLED.csv --messages MESSAGES.csv [--city FOLDER] [--sample FILE.csv …]

How often the first matter, or one of the first three, is right, and how many appeals the whole pipeline assigns by itself, of those how many to the right
unit: by the catalogue's words alone, and with the model of topics, learnt here from --data without the texts of the samples. --messages has columns id, title
and body; a --sample has id and matters (codes, any of them right).
`;
const SEED = 1;

const {
  values: { data: dataFile = misused(usage), messages: messagesFile = misused(usage), ...values },
} = parseArgs({
  options: {
    data: { type: 'string' },
    messages: { type: 'string' },
    city: { type: 'string', default: EXAMPLE_CITY },
    sample: {
      type: 'string',
      multiple: true,
      default: ['message-matters.csv', 'message-matters-unseen.csv'].map((name) =>
        fileURLToPath(new URL(`../../samples/${name}`, import.meta.url)),
      ),
    },
  },
});

const now = Date.now();
const { directory, codes, rules } = await readWholeCity(values.city, now);

const messages = new Map((await rowsOf(messagesFile)).map((row) => [row['id'] ?? '', row]));
const checked = ({ id = '', matters = '' }: Readonly<Record<string, string>>): Checked[] => {
  const message = messages.get(id);
  return message === undefined ? [] : [{ id, title: message['title'] ?? '', body: message['body'] ?? '', matters: matters.split(' ') }];
};
const samples = await Promise.all(
  values.sample.map(async (file) => ({ name: basename(file), sample: (await rowsOf(file)).flatMap(checked) })),
);
const sampled = samples.flatMap(({ sample }) => sample);

const data = readLabelledRows(await readFile(dataFile), dataFile);
const groups = groupTwins([...data.map(({ text }) => text), ...sampled.map(({ title, body }) => `${title}\n${body}`)]);
const inSample = new Set(groups.slice(data.length));
const training = data.map((row, at) => ({ row, group: groups[at] as number })).filter(({ group }) => !inSample.has(group));
const labels = [...new Set(data.map(({ label }) => label))].sort();
const { model } = learn(
  training.map(({ row }) => row),
  labels,
  training.map(({ group }) => group),
  SEED,
);
const classifier = classifierOf(model);
const blend = matterBlender(directory.matters, labels, codes);

const byWords = ({ title, body }: Checked): readonly ScoredMatter[] =>
  scoreMatters(directory, directory.matcher.scan(title)[0] ?? [], directory.matcher.scan(body)[0] ?? []);
const withModel = (message: Checked): readonly ScoredMatter[] =>
  blend(byWords(message), classifier.classify(`${message.title}\n${message.body}`).probabilities);

process.stdout.write(`${data.length - training.length} of ${data.length} training messages left out: a sample has nearly the same text\n`);
const percent = (part: number): string => `${(100 * part).toFixed(1)} %`;
for (const { name, sample } of samples) {
  process.stdout.write(`${name} (${sample.length})\n`);
  for (const [how, ranked, topics] of [
    ['words', byWords, undefined],
    ['words and model', withModel, topicGuideOf(classifier, codes, directory)],
  ] as const) {
    const { first, firstThree } = ratesOf(sample, ranked);
    const { assigned, rightUnit } = assignedOf(sample, { directory, rules, topics }, now);
    process.stdout.write(
      `  ${how}: first ${percent(first)}, first three ${percent(firstThree)}; assigned ${percent(assigned)}, of which to the right unit ${percent(rightUnit)}\n`,
    );
  }
}
