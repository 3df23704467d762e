import { testDatabase, type TestDatabase } from '@paidan/testing';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { Database } from './database.js';

/** FATAL 57P01, as a backend says it whose postmaster was killed. */
const FATAL = (() => {
  const fields = Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection due to unexpected postmaster exit\0\0');
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
})();
const READY = Buffer.from('Z\0\0\0\u0005I');

describe('a connection that Postgres ends in the moment in which it is there', () => {
  let made: TestDatabase;
  let database: Database;
  let proxy: Server;
  /** While set, the word that a connection is ready and the word that it is over come in one piece. */
  let deadly = false;
  beforeAll(async () => {
    made = await testDatabase(['dispatch']);
    const urls = made.services['dispatch'] as TestDatabase['services'][string];
    const server = new URL(urls.databaseUrl);
    proxy = createServer((client) => {
      const dies = deadly;
      const upstream = connect(Number(server.port), server.hostname);
      client.pipe(upstream);
      upstream.on('data', (chunk) => {
        if (dies && chunk.includes(READY)) client.end(Buffer.concat([chunk, FATAL]));
        else client.write(chunk);
      });
      for (const socket of [client, upstream]) socket.on('error', () => undefined);
      upstream.on('close', () => client.destroy());
      client.on('close', () => upstream.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const through = new URL(urls.databaseUrl);
    through.port = String((proxy.address() as AddressInfo).port);
    database = await Database.open({
      ...{ url: through.href, migratorUrl: urls.migratorUrl, schema: 'dispatch', migrations: [], entities: [] },
      ...{ applicationName: 'dying', poolSize: 2 },
    });
  }, 60_000);
  afterAll(async () => {
    await database?.close();
    await new Promise((resolve) => proxy.close(resolve));
    await made?.drop();
  });

  it('fails what was asked of it, and not the process', async () => {
    const outcome = await database.transaction(async (tx) => {
      await tx.query('select 1');
      deadly = true;
      return database.query('select 2').catch((error: unknown) => error);
    });
    expect(outcome).toMatchObject({ code: 'database-unavailable', retryable: true });
    deadly = false;
    expect((await database.query('select 3 as n')).rows).toEqual([{ n: 3 }]);
  });
});
