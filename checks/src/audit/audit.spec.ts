import { runs } from '@paidan/testing/runs';
import fc from 'fast-check';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { audit } from './audit.js';
import { look, stillDiffers } from './compare.js';
import { ledgersOf, type Heard, type Ledgers } from './ledgers.js';
import { reportOf } from './report.js';

const id = (n: number): string => `0193a3c2-5c00-7000-8000-${String(n).padStart(12, '0')}`;
type Books = Readonly<Record<string, Readonly<Record<number, number>>>>;

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
const sorted = (book: Readonly<Record<number, number>>) =>
  Object.entries(book).map(([n, sequence]) => ({ ticketId: id(Number(n)), sequence }));

/** What feedback has when everything arrived. */
const allHeard = (said: Books): Heard[] => {
  const tickets = new Set(Object.values(said).flatMap((book) => Object.keys(book).map(Number)));
  return [...tickets]
    .sort((a, b) => a - b)
    .map((n) => ({
      ticketId: id(n),
      parked: false,
      heard: Object.fromEntries(
        Object.entries(said).flatMap(([service, book]) => {
          const sequence = book[n];
          return sequence === undefined ? [] : [[service, { epoch: 1, sequence, count: sequence }]];
        }),
      ),
    }));
};
const ledgers = (said: Books, heard: readonly Heard[] = allHeard(said)): Ledgers => ({
  said: Object.fromEntries(Object.entries(said).map(([service, book]) => [service, () => each(sorted(book))])),
  heard: () => each(heard),
});
const said: Books = { intake: { 1: 1, 2: 1, 5: 2 }, dispatch: { 1: 2, 5: 1 }, feedback: { 2: 1 } };

describe('the audit', () => {
  it('finds nothing where feedback has everything, and counts it', async () => {
    expect(await look(ledgers(said))).toEqual({ tickets: 3, events: { intake: 4, dispatch: 3, feedback: 1 }, differences: [] });
    expect(reportOf(await look(ledgers(said)), [])).toBe('3 tickets, 8 events (intake 4, dispatch 3, feedback 1): feedback has them all.');
  });

  it('names a lost tail, a hole, a whole ticket that was never heard, and one that nobody has said', async () => {
    const none = { epoch: 1, sequence: 0, count: 0 };
    const heard = allHeard(said).flatMap((ticket): Heard[] => {
      if (ticket.ticketId === id(1)) return [{ ...ticket, heard: { ...ticket.heard, dispatch: { epoch: 1, sequence: 1, count: 1 } } }];
      if (ticket.ticketId === id(5))
        return [{ ...ticket, parked: true, heard: { ...ticket.heard, intake: { epoch: 1, sequence: 2, count: 1 } } }];
      return [];
    });
    const found = await look(
      ledgers(said, [...heard, { ticketId: id(9), parked: false, heard: { intake: { ...none, sequence: 1, count: 1 } } }]),
    );
    expect(found.tickets).toBe(4);
    expect(
      found.differences.map(({ ticketId, service, said: count, heard: newest, kept }) => [ticketId, service, count, newest, kept]),
    ).toEqual([
      [id(1), 'dispatch', 2, 1, 1],
      [id(2), 'intake', 1, 0, 0],
      [id(2), 'feedback', 1, 0, 0],
      [id(5), 'intake', 2, 2, 1],
      [id(9), 'intake', 0, 1, 1],
    ]);
    const report = reportOf(found, found.differences);
    expect(report).toContain('5 differ from what feedback has');
    expect(report).toMatch(/\n0193a3c2-5c00-7000-8000-000000000005 {2}intake {4} *2 *2 *1 {2}parked\n/);
  });

  it('finds exactly what was lost, whatever it is', async () => {
    const book = fc.dictionary(fc.integer({ min: 1, max: 30 }).map(String), fc.integer({ min: 1, max: 9 }));
    const books = fc.record({ intake: book, dispatch: book });
    await fc.assert(
      fc.asyncProperty(books, fc.integer({ min: 0, max: 30 }), async (all, lost) => {
        const heard = allHeard(all).filter(({ ticketId }) => ticketId !== id(lost));
        const found = await look(ledgers(all, heard));
        const expected = Object.entries(all).flatMap(([service, of]) => (of[lost] === undefined ? [] : [service]));
        expect(found.differences.map(({ service }) => service)).toEqual(expected);
      }),
      runs(100),
    );
  });

  it('looks twice: what is on its way at the first look has come at the second, or is missing', async () => {
    const difference = (change: object) => ({ ticketId: id(1), service: 'intake', said: 3, heard: 2, kept: 2, parked: false, ...change });
    const before = [difference({})];
    expect(stillDiffers(before, [])).toEqual([]);
    // It said more meanwhile; what it had said before has come.
    expect(stillDiffers(before, [difference({ said: 5, heard: 3, kept: 3 })])).toEqual([]);
    expect(stillDiffers(before, [difference({})])).toHaveLength(1);
    expect(stillDiffers(before, [difference({ said: 5, heard: 4, kept: 3 })])).toHaveLength(1);
    // Heard and never said: the service was restored from a back-up.
    expect(stillDiffers([difference({ said: 1 })], [difference({ said: 1 })])).toHaveLength(1);
    expect(stillDiffers([difference({ said: 1 })], [difference({ said: 2, heard: 3, kept: 3 })])).toEqual([]);

    let looks = 0;
    const late: Ledgers = { ...ledgers(said), heard: () => each((looks += 1) === 1 ? [] : allHeard(said)) };
    expect((await audit(late, 1)).differences).toEqual([]);
    expect(looks).toBe(2);
    expect((await audit(ledgers(said, []), 1)).differences).toHaveLength(6);
  });
});

describe('the ledgers', () => {
  let server: Server;
  let url: string;
  const asked: string[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      const path = request.url ?? '';
      asked.push(path);
      if (request.headers.authorization !== 'Bearer token') return void response.writeHead(403).end('{}');
      const page = path.includes('heard')
        ? { tickets: [{ ticketId: id(1), parked: false, heard: { intake: { epoch: 1, sequence: 1, count: 1 } } }] }
        : path.includes('after')
          ? { tickets: [{ ticketId: id(2), sequence: 4 }] }
          : { tickets: [{ ticketId: id(1), sequence: 1 }], next: id(1) };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(page));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server.close());

  it('are read page by page', async () => {
    const found = await look(ledgersOf({ intake: url, feedback: `${url}/feedback` }, 'token'));
    expect(found).toMatchObject({ tickets: 2, events: { intake: 5, feedback: 5 } });
    expect(asked).toContain(`/v1/operations/sequences?limit=2000&after=${id(1)}`);
  });

  it('name who does not answer, or refuses', async () => {
    await expect(look(ledgersOf({ feedback: 'http://127.0.0.1:1' }, 'token'))).rejects.toThrow('http://127.0.0.1:1 does not answer');
    await expect(look(ledgersOf({ feedback: url }, 'wrong'))).rejects.toThrow('is answered 403');
    expect(() => ledgersOf({ intake: url }, 'token')).toThrow('no feedback');
  });
});
