import type { DirectoryMessage } from '@paidan/contracts';
import { registration as registrationOf } from '@paidan/contracts/happenings';
import { sharedInfra, until } from '@paidan/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIRECTORY_TABLES } from './adapters/city/load-city.js';
import { DispatchBench, newTicket } from './dispatch.kit.js';

let bench: DispatchBench;
beforeAll(async () => {
  bench = await DispatchBench.open(sharedInfra().brokers);
  await bench.start();
}, 90_000);
afterAll(async () => {
  await bench.close();
}, 60_000);

const PATH = '/v1/directory/imports';
const folder = (): Record<string, string> =>
  Object.fromEntries(
    [...DIRECTORY_TABLES.map((table) => `${table}.csv`), 'systems.csv', 'areas.geojson'].map((file) => [
      file,
      readFileSync(join(bench.folder, 'city', file), 'utf8'),
    ]),
  );
/** The tables as they lie in the folder, one of them changed. */
const tables = (file: string, change: (text: string) => string): Record<string, string> => {
  const files = folder();
  return { ...files, [file]: change(files[file] ?? '') };
};
const send = (body: object, role: 'supervisor' | 'operator' | 'dispatcher' = 'supervisor', replica = 0) =>
  bench.call('POST', PATH, [role], body, {}, replica);
const inForce = async (replica = 0): Promise<Record<string, unknown>> =>
  (await bench.call('GET', '/v1/directory', ['dispatcher'], undefined, {}, replica)).body;
/** Building noise in 锦澜区 goes to the district's own bureau. */
const NOISE_IN_JINLAN = '0702,990102,jinlan-urban-management,city-environment,,,锦澜区人民政府指定\n';
const noise = async (): Promise<string> => {
  const ticketId = newTicket();
  const content = {
    kind: 'open',
    title: '夜间施工噪声扰民',
    text: '工地夜间施工，施工噪声很大',
    place: { adminCode: '990102001' },
  } as const;
  await bench.happens(ticketId, 'ticket.registered', registrationOf({ channel: 'web-portal', channelKind: 'web', content }));
  return (await bench.heard('ticket.assigned', ticketId)).lead;
};
const markerOf = (version: number) =>
  bench.directory.find(
    (message): message is Extract<DirectoryMessage, { type: 'directory.published' }> =>
      message.type === 'directory.published' && message.version === version && message.hash === hashes.get(version),
  );
const hashes = new Map<number, unknown>();

describe('tables with mistakes', () => {
  it('change nothing, and each mistake is named by file and line in both languages', async () => {
    const files = tables('units.csv', (text) => text.replace('city-sports,示例市体育局,bureau', 'city-sports,,office'));
    const { status, body } = await send({
      expectedVersion: 1,
      files: { ...files, 'mailboxes.csv': `${files['mailboxes.csv']}lost,无主信箱,nobody,yes,,\n` },
    });
    expect({ status, body }).toMatchObject({
      status: 422,
      body: {
        type: '/problems/directory-invalid',
        code: 'directory-invalid',
        titleZh: '目录表格有误',
        problems: [
          { file: 'units.csv', line: 14, problem: 'kind "office" is not one that is known', problemZh: 'kind “office”不在可选值之内' },
          { file: 'units.csv', line: 14, problem: 'has no name', problemZh: '缺少名称' },
          { file: 'mailboxes.csv', line: 22, problem: 'unit nobody is not in units.csv', problemZh: '单位 nobody 不在单位表中' },
        ],
      },
    });
    expect(await inForce()).toMatchObject({ version: 1 });
  });

  it('are named by feature in the boundaries, whose absence is a mistake too', async () => {
    const { 'areas.geojson': map = '', ...csv } = folder();
    const crossed = map.replace(/("990102001".*?\[\[)(\[[^\]]+\]),(\[[^\]]+\])/, '$1$3,$2,$3');
    const answer = await send({ expectedVersion: 1, files: { ...csv, 'areas.geojson': crossed } });
    expect(answer).toMatchObject({ status: 422, body: { code: 'directory-invalid' } });
    expect(answer.body['problems']).toMatchObject([{ file: 'areas.geojson' }]);
    expect(await send({ expectedVersion: 1, files: csv })).toMatchObject({
      status: 422,
      body: { code: 'directory-invalid', problems: [{ file: 'areas.geojson' }] },
    });
    const none = { ...csv, 'areas.geojson': '{"type":"FeatureCollection","system":"WGS-84","features":[]}' };
    const { body } = await send({ expectedVersion: 1, files: none, dryRun: true });
    expect((body['changes'] as { boundaries: { removed: string[] } }).boundaries.removed).toHaveLength(23);
    expect(await inForce()).toMatchObject({ version: 1 });
  });

  it.each<[string, () => object, number, string]>([
    ['a file of another table', () => ({ expectedVersion: 1, files: { ...folder(), 'sla.csv': 'x' } }), 422, 'validation-failed'],
    ['a file that is no text', () => ({ expectedVersion: 1, files: { ...folder(), 'units.csv': 7 } }), 422, 'validation-failed'],
    ['no version to begin from', () => ({ files: folder() }), 422, 'validation-failed'],
    ['another version in force', () => ({ expectedVersion: 7, files: folder() }), 409, 'stale-directory'],
    ['a number that is taken', () => ({ expectedVersion: 1, version: 1, files: folder() }), 409, 'version-taken'],
  ])('%s is refused', async (_what, body, status, code) => {
    expect(await send(body())).toMatchObject({ status, body: { code } });
  });

  it('are taken of supervisors and operators, however large the tables are', async () => {
    expect(await send({ expectedVersion: 1, files: folder() }, 'dispatcher')).toMatchObject({ status: 403 });
    const large = tables('responsibilities.csv', (text) => text + '\n'.repeat(2_000_000));
    expect(await send({ expectedVersion: 1, files: large, dryRun: true }, 'operator')).toMatchObject({
      status: 200,
      body: { published: false },
    });
    expect(await send({ expectedVersion: 1, files: { ...large, 'words.csv': ' '.repeat(17_000_000) } })).toMatchObject({ status: 413 });
  });
});

describe('an import', () => {
  const files = () => tables('responsibilities.csv', (text) => `${text}${NOISE_IN_JINLAN}`);
  const added = { added: ['0702@990102@*'], removed: [], changed: [] };

  it('that is only tried tells what would change', async () => {
    expect(await send({ expectedVersion: 1, files: files(), dryRun: true })).toMatchObject({
      status: 200,
      body: { version: 2, published: false, changes: { responsibilities: added, units: { added: [], removed: [], changed: [] } } },
    });
    expect(await inForce()).toMatchObject({ version: 1, responsibilities: 10 });
    expect(await noise()).toBe('city-urban-management');
  });

  it('is in force here at once and in every replica soon, decides, and is published whole', async () => {
    expect(await send({ expectedVersion: 1, files: files() })).toMatchObject({
      status: 200,
      body: { version: 2, published: true, changes: { responsibilities: added } },
    });
    const here = await inForce();
    expect(here).toMatchObject({
      version: 2,
      importedBy: 'supervisor-1',
      responsibilities: 11,
      mailboxes: 20,
      versions: [{ version: 2, importedBy: 'supervisor-1' }, { version: 1 }],
    });
    await until('the second replica follows', async () => ((await inForce(1))['version'] === 2 ? true : undefined));
    expect(await noise()).toBe('jinlan-urban-management');

    hashes.set(2, here['hash']);
    const marker = await until('the marker', () => markerOf(2));
    const of = (type: string) => bench.directory.filter((message) => message.type === type && message.version === 2);
    expect(marker.further).toMatchObject([
      { type: 'directory.responsibility', count: 11 },
      { type: 'directory.mailbox', count: 20 },
    ]);
    expect(of('directory.responsibility')).toContainEqual(
      expect.objectContaining({ matter: '0702', area: '990102', lead: 'jinlan-urban-management' }),
    );
    expect(of('directory.mailbox')).toContainEqual(expect.objectContaining({ code: 'mayor', unit: 'city-petitions' }));
  });

  it('is the only one on its version: of two at once one is refused, with the version in force', async () => {
    const named = (name: string) => ({ expectedVersion: 2, files: tables('mailboxes.csv', (text) => text.replace('市长信箱', name)) });
    const answers = await Promise.all([send(named('市长来信')), send(named('市长热线信箱'), 'operator', 1)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'stale-directory', version: 3 });
    await until('both replicas have it', async () => {
      const versions = await Promise.all([inForce(0), inForce(1)]);
      return versions.every(({ version }) => version === 3) ? true : undefined;
    });
  });

  it('is not undone by the folder at the next start, until the folder has said the same', async () => {
    const started = async () => {
      await bench.start();
      return inForce(bench.services.length - 1);
    };
    bench.edit('mailboxes.csv', (text) => text.replace('区长信箱', '区长来信'));
    expect(await started()).toMatchObject({ version: 3 });

    const { body } = await bench.call('GET', '/v1/mailboxes', ['dispatcher']);
    const mayor = (body['mailboxes'] as { code: string; name: string }[]).find(({ code }) => code === 'mayor')?.name ?? '';
    bench.edit('mailboxes.csv', (text) => text.replace('区长来信', '区长信箱').replace('市长信箱', mayor));
    expect(await started()).toMatchObject({ version: 3 });
    bench.edit('mailboxes.csv', (text) => text.replace('区长信箱', '区长来信'));
    const last = await started();
    expect(last).toMatchObject({ version: 4, responsibilities: 10 });
    expect(last).not.toHaveProperty('importedBy');
  }, 60_000);

  it('leaves versions as they are: nobody may change one', async () => {
    await expect(bench.runtime.database.query(`update directory_version set hash = ''`)).rejects.toMatchObject({ code: '42501' });
  });
});

describe('the tables in force', () => {
  it('answer who is responsible, with the entry that says so', async () => {
    const ask = async (query: string) => bench.call('GET', `/v1/responsible?${query}`, ['dispatcher']);
    expect(await ask('matter=0702&area=990104001&at=2026-11-22T09:00:00%2B08:00')).toMatchObject({
      status: 200,
      body: {
        lead: { by: 'unit', unit: 'wangchuan-housing' },
        coHandlers: [{ by: 'unit', unit: 'city-environment' }],
        entry: { code: '0702@990104@2025-12-31T16:00:00.000Z', note: '望川区人民政府指定（噪声污染防治法第八条）' },
      },
    });
    const { body } = await ask('matter=0702&area=990121');
    expect(body).toMatchObject({ lead: { unit: 'city-urban-management' } });
    expect(body).not.toHaveProperty('entry');
    expect(await ask('matter=9999')).toMatchObject({ status: 422, body: { code: 'unknown-matter' } });
  });

  it('are shown page by page', async () => {
    const codes: string[] = [];
    for (let after = ''; ;) {
      const { body } = await bench.call('GET', `/v1/mailboxes?limit=7${after}`, ['supervisor']);
      codes.push(...(body['mailboxes'] as { code: string }[]).map(({ code }) => code));
      if (body['next'] === undefined) break;
      after = `&after=${body['next'] as string}`;
    }
    expect([codes.length, new Set(codes).size]).toEqual([20, 20]);
    const { body } = await bench.call('GET', '/v1/responsibilities?area=990103', ['dispatcher']);
    expect(body['responsibilities']).toMatchObject([{ matter: '0601', until: '2025-12-31T16:00:00.000Z' }, { matter: '0702' }]);
    const units = await bench.call('GET', '/v1/units?level=community', ['dispatcher']);
    expect((units.body['units'] as object[]).length).toBe(2);
  });
});

describe('a version of before there were mailboxes and responsibilities', () => {
  it('is one without any: replicas follow it', async () => {
    const { rows } = await bench.runtime.database.query<{ newest: number }>('select max(version) as newest from directory_version');
    const newest = rows[0]?.newest ?? 0;
    await bench.runtime.database.query(
      `insert into directory_version (version, hash, content_hash, count, active_at, content)
       select version + 1, hash, 'as it was', count, active_at, content - '{responsibilities,mailboxes}'::text[] from directory_version where version = $1`,
      [newest],
    );
    const found = await until('the replica follows', async () => {
      const directory = await inForce();
      return directory['version'] === newest + 1 ? directory : undefined;
    });
    expect(found).toMatchObject({ mailboxes: 0, responsibilities: 0 });
    expect(await noise()).toBe('city-urban-management');
  });
});
