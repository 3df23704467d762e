import { Misuse } from '@paidan/local/call';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDraft } from './read-draft.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paidan-draft-'));
});
afterEach(() => rm(folder, { recursive: true }));

const kept = async (name: string, content: string | Uint8Array): Promise<string> => {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
};
const read = (more: object) => readDraft({ do: 'simulate', last: 5, samples: 1, lang: 'en', ...more });

it('rules are YAML or JSON, a model goes as it is', async () => {
  const rules = { name: '草案', rules: [{ id: 'one' }] };
  const yaml = await kept('draft.yaml', 'name: 草案\nrules:\n  - id: one\n');
  const json = await kept('draft.json', JSON.stringify(rules));
  for (const file of [yaml, json]) expect(await read({ rules: file })).toEqual({ rules, last: 5, samples: 1 });
  const model = await kept('topics.model', Uint8Array.of(0, 255, 7));
  expect(await read({ version: 3, model })).toEqual({ version: 3, model: 'AP8H', last: 5, samples: 1 });
});

it.each<[string, string | Uint8Array, RegExp]>([
  ['is cut short', 'name: x\nrules:\n  - id: [one\n', /draft\.yaml:\d: /],
  ['is indented wrongly', 'name: x\nrules:\n - id: one\n   title: a: b\n', /draft\.yaml:4: /],
  ['is a list', '- id: one\n', /draft\.yaml: it is no set of rules, which has a name and rules$/],
  ['is empty', '', /it is no set of rules/],
  ['is not UTF-8', Uint8Array.of(0xc2, 0xb7, 0xff), /draft\.yaml: it is not UTF-8$/],
])('a file that %s is told with its name', async (_what, content, wrong) => {
  const reading = read({ rules: await kept('draft.yaml', content) });
  await expect(reading).rejects.toThrow(Misuse);
  await expect(reading).rejects.toThrow(wrong);
});

it('a file that isn’t there is named with its option', async () => {
  const file = join(folder, 'none');
  await expect(read({ rules: file })).rejects.toThrow(new Misuse(`--rules: there is no file ${file}`));
  await expect(read({ model: file })).rejects.toThrow(new Misuse(`--model: there is no file ${file}`));
  await expect(read({ model: folder })).rejects.toThrow(`--model ${folder} can’t be read: EISDIR`);
});
