import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { decisionView } from '../adapters/http/routing-view.js';
import { chanceOf, shuffle } from '../domain/classifier/chance.js';
import { classifierOf } from '../domain/classifier/classifier.js';
import { placementOf } from '../domain/placements.js';
import { route } from '../domain/routing/first-decision.js';
import type { RoutingDecision } from '../domain/routing/decision.js';
import { topicGuideOf } from '../domain/routing/topics.js';
import { readWholeCity } from '../adapters/city/whole-city.js';
import { EXAMPLE_CITY, misused, rowsOf } from '../measure/inputs.js';
import { decodeModel } from '../model-file.js';

const usage = `npm run measure:explanations -- --messages FILE.csv [--model FILE] [--city FOLDER] [--count N] [--seed N] [--lang zh|en]

How many messages the whole pipeline assigns by itself and why it holds the others; and, to be read by a person, what it says of --count of them (20), drawn
by --seed (1). Columns title and body; --model is what npm run train wrote: without it the words and the rules decide.
`;

const { values } = parseArgs({
  options: {
    messages: { type: 'string' },
    model: { type: 'string' },
    city: { type: 'string', default: EXAMPLE_CITY },
    count: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    lang: { type: 'string', default: 'zh' },
  },
});
const { messages: file, lang } = values;
const [count, seed] = [Number(values.count), Number(values.seed)];
if (file === undefined || (lang !== 'zh' && lang !== 'en') || !Number.isSafeInteger(count) || !Number.isSafeInteger(seed)) misused(usage);
else await measure(file, lang);

async function measure(messagesFile: string, language: 'zh' | 'en'): Promise<void> {
  const now = Date.now();
  const { directory, codes, rules } = await readWholeCity(values.city, now);
  const model = values.model === undefined ? undefined : decodeModel(await readFile(values.model), basename(values.model)).model;
  const guides = { directory, rules, topics: model && topicGuideOf(classifierOf(model), codes, directory) };
  const decided = (await rowsOf(messagesFile)).map(({ title = '', body = '' }) => {
    const appeal = { channel: 'web-portal', appealType: 'help', urgency: 'normal', confidentiality: 'open', receivedAt: now } as const;
    return { title, decision: route(guides, { ...appeal, title, text: body.trim() }, now) };
  });

  const assigned = decided.filter(({ decision }) => decision.kind === 'assigned').length;
  const held = new Map<string, number>();
  for (const { decision } of decided) if (decision.kind === 'held') held.set(decision.reason, (held.get(decision.reason) ?? 0) + 1);
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  say(
    `${decided.length} messages: ${assigned} assigned (${((100 * assigned) / decided.length).toFixed(1)} %), ${decided.length - assigned} held`,
  );
  for (const [reason, times] of [...held].sort(([, a], [, b]) => b - a)) say(`  ${reason}: ${times}`);

  const shown = (decision: RoutingDecision): readonly string[] => {
    const policy = {
      returnUntil: (from: number) => from,
      maxReturns: 0,
      returnReview: 'person',
      claimMs: 0,
      undoMs: 0,
      duplicates: 'propose',
    } as const;
    return decisionView(placementOf(decision, 1, { now, facts: { directory, policy } }), 1, directory, undefined).explanation[language];
  };
  for (const { title, decision } of shuffle([...decided], chanceOf(seed)).slice(0, count)) {
    say(`\n${title}`);
    for (const sentence of shown(decision)) say(`  ${sentence}`);
  }
}
