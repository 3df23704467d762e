import { noLog, type Notice, type Tx } from '@paidan/runtime';
import { SMALL_CITY } from '../domain/routing/small-city.kit.js';
import { ActiveDirectory, type DirectoryContent, type DirectoryVersion, type DirectoryVersions } from './active-directory.js';

const { version: _version, ...city } = SMALL_CITY;
const renamed: DirectoryContent = { ...city, units: city.units.map((unit) => ({ ...unit, name: `新${unit.name}` })) };
/** Only a word that routing looks for: nothing that is published. */
const reworded: DirectoryContent = {
  ...city,
  matters: city.matters.map((matter) => ({ ...matter, weak: [...matter.strong], strong: [...matter.weak] })),
};

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
    contentOf: async (version) => kept[version - 1]?.content ?? city,
    insert: async (_tx, version, content) => void kept.push({ version, content }),
  };
  const replicas: ActiveDirectory[] = [];
  const start = async (content?: DirectoryContent): Promise<ActiveDirectory> => {
    const replica = new ActiveDirectory({ versions, log: noLog, now: () => 0, pollMs: 60_000 });
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
});
