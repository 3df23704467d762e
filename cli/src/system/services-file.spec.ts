import { Misuse } from '@paidan/local/call';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findSystem } from './find-system.js';
import { servicesIn } from './services-file.js';

const intake = { url: 'https://intake.example/api/', metrics: ['http://10.0.0.1:7201', 'http://10.0.0.2:7201/'] };

it('names services, each with its instances', () => {
  expect(servicesIn(JSON.stringify({ intake, feedback: { url: 'http://f:7105', metrics: 'http://f:7205' } }))).toEqual([
    { name: 'intake', url: 'https://intake.example/api', metricsUrls: ['http://10.0.0.1:7201', 'http://10.0.0.2:7201'] },
    { name: 'feedback', url: 'http://f:7105', metricsUrls: ['http://f:7205'] },
  ]);
});

it.each<[string, string]>([
  ['{', 'it is not valid JSON'],
  ['[]', 'it is not an object'],
  ['{}', 'it names no service'],
  ['{"mayor":{}}', 'mayor is no service'],
  ['{"intake":"http://x"}', 'intake is not an object'],
  ['{"intake":{"url":"x:1","metrics":"http://x"}}', 'intake.url is not an address'],
  ['{"intake":{"url":"http://x"}}', 'intake.metrics is not an address'],
  ['{"intake":{"url":"http://x","metrics":[]}}', 'intake.metrics is empty'],
  ['{"intake":{"url":"http://x","metrics":["ftp://x"]}}', 'intake.metrics is not an address'],
  ['{"intake":{"url":"http://x","metrics":"http://x","token":"t"}}', 'intake.token is not known'],
])('%s is told what is wrong with it', (text, wrong) => {
  expect(() => servicesIn(text)).toThrow(wrong);
});

describe('the system', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'paidan-'));
    await writeFile(join(folder, 'city.json'), JSON.stringify({ feedback: { url: 'http://f', metrics: 'http://f' }, intake }));
    await writeFile(join(folder, 'token'), 'from a file\n');
  });
  afterEach(() => rm(folder, { recursive: true }));
  const found = (env: NodeJS.ProcessEnv, file?: string) => findSystem(file, { PAIDAN_DATA_DIR: folder, ...env });

  it('is what the file names, the option’s before the environment’s, in the order of the services', async () => {
    const file = join(folder, 'city.json');
    for (const system of [await found({ PAIDAN_SERVICES: file }), await found({ PAIDAN_SERVICES: 'nowhere' }, file)])
      expect(system.services.map(({ name }) => name)).toEqual(['intake', 'feedback']);
  });

  it('is asked with the environment’s token, which may lie in a file', async () => {
    const file = join(folder, 'city.json');
    const token = async (env: NodeJS.ProcessEnv) => (await found(env, file)).token();
    expect(await token({ PAIDAN_TOKEN: 'given', PAIDAN_TOKEN_FILE: join(folder, 'token') })).toBe('given');
    expect(await token({ PAIDAN_TOKEN_FILE: join(folder, 'token') })).toBe('from a file');
    await expect(token({})).rejects.toThrow('an operator’s token is needed');
    await expect(token({ PAIDAN_TOKEN_FILE: join(folder, 'none') })).rejects.toThrow('none can’t be read: ENOENT');
  });

  it('is nowhere, or its file is', async () => {
    await expect(found({})).rejects.toThrow(`No system runs on ${folder}`);
    await expect(found({}, join(folder, 'none.json'))).rejects.toThrow(Misuse);
    await writeFile(join(folder, 'bad.json'), '{"intake":1}');
    await expect(found({ PAIDAN_SERVICES: join(folder, 'bad.json') })).rejects.toThrow(/bad\.json: intake is not an object$/);
  });
});
