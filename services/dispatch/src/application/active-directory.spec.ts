import { noLog, type Notice, type Tx } from '@paidan/runtime';
import { SMALL_CITY } from '../domain/routing/small-city.kit.js';
import type { Boundary, BoundaryMap } from '../domain/where/boundary.js';
import { ActiveDirectory, type DirectoryContent, type DirectoryVersion, type DirectoryVersions } from './active-directory.js';

const { version: _version, ...city } = SMALL_CITY;
const renamed: DirectoryContent = { ...city, units: city.units.map((unit) => ({ ...unit, name: `新${unit.name}` })) };
/** Only a word that routing looks for: nothing that is published. */
const reworded: DirectoryContent = {
  ...city,
  matters: city.matters.map((matter) => ({ ...matter, weak: [...matter.strong], strong: [...matter.weak] })),
};

/** Has every boundary everywhere: enough to see which boundaries a map is of. */
const mapOf = (boundaries: readonly Boundary[]): BoundaryMap => ({
  around: () => boundaries.map(({ code }) => ({ code, inside: true, clearance: 50 })),
});

const schema = () => {
  const kept: { version: DirectoryVersion; content: DirectoryContent }[] = [];
  const published: Notice[] = [];
  const versions: DirectoryVersions = {
    alone: async (work) => {
      const notices: Notice[] = [];
      const done = await work(undefined as never as Tx, notices);
      published.push(...notices);
      return done;
    },
    newest: async () => kept.at(-1)?.version,
    latest: async (limit) =>
      kept
        .map(({ version }) => version)
        .slice(-limit)
        .reverse(),
    contentOf: async (version) => kept[version - 1]?.content ?? city,
    insert: async (_tx, version, content) => void kept.push({ version, content }),
    agree: async (_tx, number) => {
      const at = kept.findIndex(({ version }) => version.version === number);
      const found = kept[at];
      if (found?.version.imported === undefined) throw new Error(`version ${number} was not imported`);
      kept[at] = { ...found, version: { ...found.version, imported: { ...found.version.imported, agreed: true } } };
    },
  };
  const replicas: ActiveDirectory[] = [];
  const start = async (content?: DirectoryContent): Promise<ActiveDirectory> => {
    const replica = new ActiveDirectory({ versions, log: noLog, now: () => 0, pollMs: 60_000, mapOf });
    replicas.push(replica);
    await replica.open(content);
    return replica;
  };
  const markers = () => published.filter(({ key }) => key === 'published').map(({ payload }) => (payload as { version: number }).version);
  return { start, published, markers, close: () => replicas.forEach((replica) => replica.close()) };
};

describe('the directory in force', () => {
  it('is published once, however many replicas bring it', async () => {
    const { start, markers, published, close } = schema();
    const [one, other] = [await start(city), await start(city)];
    expect([one.directory.version, other.directory.version]).toEqual([1, 1]);
    expect(markers()).toEqual([1]);
    expect(published).toHaveLength(one.version.count + 1);
    close();
  });

  it.each([
    ['renamed units', renamed],
    ['words alone', reworded],
  ])('gets the next number with %s, and the running replica follows', async (_what, changed) => {
    const { start, markers, close } = schema();
    const running = await start(city);
    const newer = await start(changed);
    expect([running.directory.version, newer.directory.version]).toEqual([1, 2]);
    await running.refresh();
    expect(running.directory.version).toBe(2);
    expect(running.version.hash === newer.version.hash).toBe(true);
    expect(markers()).toEqual([1, 2]);
    close();
  });

  it('is the newest kept one where no city is given', async () => {
    const { start, close } = schema();
    await start(renamed);
    expect((await start()).directory.units.get('urban')?.name).toBe('新示例市城管局');
    close();
  });

  it('carries the map of its boundaries into every replica, and another map is another version', async () => {
    const mapped = (code: string): DirectoryContent => ({ ...city, boundaries: [{ code, polygons: [] }] });
    const { start, close } = schema();
    const [running, newer] = [await start(city), await start(mapped('990102'))];
    const drawn = (replica: ActiveDirectory) => replica.directory.map.around({ lon: 0, lat: 0 }, 50).map(({ code }) => code);
    expect([drawn(running), drawn(newer)]).toEqual([[], ['990102']]);
    await running.refresh();
    expect([running.directory.version, drawn(running)]).toEqual([2, ['990102']]);
    expect([(await start(mapped('990103'))).directory.version, drawn(await start())]).toEqual([3, ['990103']]);
    close();
  });

  it('is demanded', async () => {
    await expect(schema().start()).rejects.toMatchObject({ code: 'no-directory' });
  });

  it('is said again on demand, under the same number', async () => {
    const { start, markers, published, close } = schema();
    const replica = await start(city);
    const first = [...published];
    expect(await replica.republish()).toMatchObject({ version: 1 });
    expect(markers()).toEqual([1, 1]);
    expect(published.slice(first.length)).toEqual(first);
    close();
  });

  describe('that a person sent', () => {
    const sent = (content: DirectoryContent, expected: number, more: { version?: number; dryRun?: boolean } = {}) => ({
      content,
      expected,
      version: more.version,
      by: 'supervisor-1',
      dryRun: more.dryRun ?? false,
    });

    it('is the next version at once, and tells what changes', async () => {
      const { start, markers, close } = schema();
      const replica = await start(city);
      const { changes, ...imported } = await replica.import(sent(renamed, 1));
      expect(imported).toEqual({ version: 2, published: true });
      expect(changes.units).toMatchObject({ added: [], removed: [] });
      expect(changes.units.changed).toHaveLength(city.units.length);
      expect(changes.units.changed[0]).toEqual({ code: 'urban', facts: ['name'] });
      expect(changes.matters).toEqual({ added: [], removed: [], changed: [] });
      expect(replica.version).toMatchObject({ version: 2, imported: { by: 'supervisor-1' } });
      expect(markers()).toEqual([1, 2]);
      close();
    });

    it('changes nothing in a dry run, and where nothing differs', async () => {
      const { start, markers, close } = schema();
      const replica = await start(city);
      expect(await replica.import(sent(renamed, 1, { dryRun: true }))).toMatchObject({ version: 2, published: false });
      expect(await replica.import(sent(city, 1))).toMatchObject({ version: 1, published: false });
      expect(replica.version.version).toBe(1);
      expect(markers()).toEqual([1]);
      close();
    });

    it('says something of systems where some are in force', async () => {
      const { start, markers, close } = schema();
      const system = {
        code: 'trade',
        name: '商务',
        english: 'Trade',
        bureau: 'prices',
        matters: ['01'],
        frontLine: [{ by: 'street' }],
      } as const;
      const replica = await start({ ...city, systems: [system] });
      await expect(replica.import(sent(renamed, 1))).rejects.toMatchObject({
        code: 'directory-invalid',
        extensions: { problems: [{ file: 'systems.csv' }] },
      });
      const { changes } = await replica.import(sent({ ...renamed, systems: [] }, 1));
      expect(changes.systems).toEqual({ added: [], removed: ['trade'], changed: [] });
      expect(markers()).toEqual([1, 2]);
      close();
    });

    it('is refused where another version came in between, and under a number that readers know already', async () => {
      const { start, markers, close } = schema();
      const replica = await start(city);
      await replica.import(sent(renamed, 1));
      await expect(replica.import(sent(reworded, 1))).rejects.toMatchObject({ code: 'stale-directory', extensions: { version: 2 } });
      await expect(replica.import(sent(reworded, 2, { version: 2 }))).rejects.toMatchObject({ code: 'version-taken' });
      expect(await replica.import(sent(reworded, 2, { version: 9 }))).toMatchObject({ version: 9, published: true });
      expect(markers()).toEqual([1, 2, 9]);
      close();
    });

    it.each([
      ['the folder it replaced', city],
      ['a folder changed since', reworded],
    ])('is not undone at a start with %s', async (_what, folder) => {
      const { start, markers, close } = schema();
      await (await start(city)).import(sent(renamed, 1));
      expect((await start(folder)).version.version).toBe(2);
      expect(markers()).toEqual([1, 2]);
      close();
    });

    it('is replaced by the folder again once the folder has said the same', async () => {
      const { start, markers, close } = schema();
      await (await start(city)).import(sent(renamed, 1));
      expect((await start(renamed)).version).toMatchObject({ version: 2, imported: { agreed: true } });
      expect((await start(reworded)).version.version).toBe(3);
      expect(markers()).toEqual([1, 2, 3]);
      close();
    });
  });
});
