import { parseArgs } from 'node:util';
import { areasAgree, duplicatesAmong, type Asked } from '../domain/duplicates/find.js';
import { fingerprintOf } from '../domain/duplicates/fingerprint.js';
import { exactLikenesses } from './exhaustive.js';
import { pairOf, readApart, readMessages, readSame, type Pairs } from './marked.js';
import { distance, simhashOf } from './simhash.js';

const DAY = 86_400_000;
const { values } = parseArgs({ options: { messages: { type: 'string' }, list: { type: 'boolean', default: false } } });
if (values.messages === undefined) {
  process.stderr.write('usage: measure-duplicates --messages FILE (columns id,title,time,body) [--list]\n');
  process.exit(2);
}

const messages = readMessages(values.messages);
const same = readSame();
const apart = readApart();
const exact = exactLikenesses(messages);
const byId = new Map(messages.map((message) => [message.id, message]));
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Of pairs marked the same: by who copies, and by who says it in words of their own. */
const isCopy = (pair: string): boolean => {
  const { jaccard = 0, contained = 0 } = exact.get(pair) ?? {};
  return jaccard >= 0.2 || contained >= 0.6;
};
const copies = new Set([...same.pairs].filter(isCopy));
const share = (part: number, whole: number): string => `${part}/${whole} (${whole === 0 ? '–' : ((100 * part) / whole).toFixed(1)} %)`;

function report(name: string, found: Pairs, among: (pair: string) => boolean = () => true): void {
  const all = [...same.pairs].filter(among);
  const copied = all.filter((pair) => copies.has(pair));
  const right = [...found].filter((pair) => same.pairs.has(pair)).length;
  const wrong = [...found].filter((pair) => apart.has(pair)).length;
  const hit = (pairs: readonly string[]): string => share(pairs.filter((pair) => found.has(pair)).length, pairs.length);
  say(
    `${name.padEnd(34)} precision ${share(right, right + wrong)} of marked, ${share(right, found.size)} of all found; ` +
      `recall of copies ${hit(copied)}, of all the same ${hit(all)}`,
  );
}

say(
  `${messages.length} messages; ${same.clusters} clusters, ${same.pairs.size} pairs the same, ${copies.size} of them copies; ${apart.size} pairs apart`,
);

const began = process.cpuUsage();
const asked = messages.flatMap(({ id, title, text, at, area }): Asked[] => {
  const fingerprint = fingerprintOf(title, text);
  return fingerprint === undefined ? [] : [{ ticketId: id, fingerprint, at, area }];
});
const micros = process.cpuUsage(began).user / messages.length;
say(`fingerprint: ${micros.toFixed(0)} µs of CPU a message, ${messages.length - asked.length} messages say too little`);

const pairsOf = (tickets: readonly Asked[], withinMs: number): ReadonlySet<string> =>
  new Set(
    [...duplicatesAmong(tickets, { withinMs, most: Number.MAX_SAFE_INTEGER })].flatMap(([id, list]) =>
      list.map(({ ticketId }) => pairOf(id, ticketId)),
    ),
  );
const within =
  (days: number) =>
  (pair: string): boolean => {
    const [a, b] = pair.split(' ').map((id) => byId.get(id)?.at ?? 0) as [number, number];
    return Math.abs(a - b) < days * DAY;
  };
const found = pairsOf(asked, Infinity);
report('minhash, areas agreeing', found);
report(
  'minhash, whatever the area',
  pairsOf(
    asked.map((ticket) => ({ ...ticket, area: undefined })),
    Infinity,
  ),
);
for (const days of [90, 30, 7]) report(`minhash, within ${days} days`, pairsOf(asked, days * DAY), within(days));
report(
  'counted exactly, 0.25 or 0.6',
  new Set(
    [...exact].flatMap(([pair, { jaccard, contained }]) => {
      const [a, b] = pair.split(' ').map((id) => byId.get(id)?.area) as [string | undefined, string | undefined];
      return areasAgree(a, b) && (jaccard >= 0.25 || (jaccard >= 0.1 && contained >= 0.6)) ? [pair] : [];
    }),
  ),
);

const simhashes = messages.map((message) => ({ message, hash: simhashOf(message) }));
const bits = simhashes.flatMap((a, n) =>
  simhashes.slice(0, n).flatMap((b) => {
    const apartBy = distance(a.hash, b.hash);
    return apartBy <= 16 && areasAgree(a.message.area, b.message.area) ? [{ pair: pairOf(a.message.id, b.message.id), apartBy }] : [];
  }),
);
for (const limit of [3, 6, 9, 12, 14])
  report(`simhash-64, ${limit} bits, areas agreeing`, new Set(bits.flatMap(({ pair, apartBy }) => (apartBy <= limit ? [pair] : []))));

if (values.list) {
  say('found, and not marked the same:');
  for (const pair of found)
    if (!same.pairs.has(pair)) say(`  ${pair} ${apart.has(pair) ? 'apart' : 'unmarked'} ${exact.get(pair)?.jaccard.toFixed(2) ?? '<0.1'}`);
}
