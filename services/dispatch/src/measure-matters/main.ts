import { readFile } from 'node:fs/promises';
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
import { ratesOf, type Checked } from './rates.js';

const usage = `npm run measure:matters -- --data LABELLED.csv --messages MESSAGES.csv [--city FOLDER] [--sample FILE.csv]

How often the first matter, or one of the first three, is right: by the catalogue's words alone, and with the model of topics, learnt here from --data
without the texts of the sample. --messages has columns id, title and body; --sample has id and matters (codes, any of them right).
`;
const SEED = 1;

const {
  values: { data: dataFile = misused(usage), messages: messagesFile = misused(usage), ...values },
} = parseArgs({
  options: {
    data: { type: 'string' },
    messages: { type: 'string' },
    city: { type: 'string', default: EXAMPLE_CITY },
    sample: { type: 'string', default: fileURLToPath(new URL('../../samples/message-matters.csv', import.meta.url)) },
  },
});

const { directory, codes } = await readWholeCity(values.city, Date.now());

const messages = new Map((await rowsOf(messagesFile)).map((row) => [row['id'] ?? '', row]));
const sample = (await rowsOf(values.sample)).flatMap(({ id = '', matters = '' }): Checked[] => {
  const message = messages.get(id);
  return message === undefined ? [] : [{ id, title: message['title'] ?? '', body: message['body'] ?? '', matters: matters.split(' ') }];
});

const data = readLabelledRows(await readFile(dataFile), dataFile);
const groups = groupTwins([...data.map(({ text }) => text), ...sample.map(({ title, body }) => `${title}\n${body}`)]);
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

process.stdout.write(
  `${data.length - training.length} of ${data.length} training messages left out: the sample has nearly the same text\n`,
);
for (const [name, part] of [
  ['every other message, where the policy was chosen', sample.filter((_, at) => at % 2 === 0)],
  ['the rest', sample.filter((_, at) => at % 2 === 1)],
  ['all', sample],
] as const) {
  for (const [how, ranked] of [
    ['words', byWords],
    ['words and model', withModel],
  ] as const) {
    const { messages: count, first, firstThree } = ratesOf(part, ranked);
    process.stdout.write(
      `${name} (${count}), ${how}: first ${(first * 100).toFixed(1)} %, first three ${(firstThree * 100).toFixed(1)} %\n`,
    );
  }
}
