import { parseArgs } from 'node:util';
import { areasAgree, duplicatesAmong, type Asked } from '../domain/duplicates/find.js';
import { agreement, fingerprintOf } from '../domain/duplicates/fingerprint.js';
import { AGREEING_CLOSELY } from '../domain/duplicates/likeness.js';
import { exactLikenesses } from './exhaustive.js';
import { linkOf, type Assumed } from './linking.js';
import { pairOf, readApart, readMessages, readSame, type Message, type Pairs } from './marked.js';
import { distance, simhashOf } from './simhash.js';

const DAY = 86_400_000;
const { values } = parseArgs({ options: { messages: { type: 'string' }, list: { type: 'boolean', default: false } } });
if (values.messages === undefined) {
  process.stderr.write('usage: measure-duplicates --messages FILE (columns id,user,title,time,body) [--list]\n');
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

/** All pairs that can be linked: whatever adds nothing, and whatever is nearly the same, is held by the other. */
const held = [...exact].flatMap(([pair, { contained }]) => (contained >= 0.9 ? [pair] : []));
const printOf = new Map(asked.map(({ ticketId, fingerprint }) => [ticketId, fingerprint]));
/** Found, and so alike that the look-up brings the text. */
const isRead = (pair: string): boolean => {
  const [a, b] = pair.split(' ').map((id) => printOf.get(id));
  return found.has(pair) && a !== undefined && b !== undefined && agreement(a, b) >= AGREEING_CLOSELY;
};

/** What would be linked without a look, of all pairs. Whatever is wrong here leaves a citizen with another's answer. */
function reportLinks(name: string, assumed: Assumed, kind: ReturnType<typeof linkOf>): void {
  const messagesOf = (pair: string) => pair.split(' ').map((id) => byId.get(id)) as [Message, Message];
  const concerns = (pair: string): boolean => {
    const [a, b] = messagesOf(pair).map(assumed.citizenOf);
    return (a === b) === (kind === 'same-citizen');
  };
  const linked = held.filter((pair) => linkOf(...messagesOf(pair), assumed) === kind);
  const right = linked.filter((pair) => same.pairs.has(pair));
  const wrong = linked.filter((pair) => apart.has(pair)).length;
  say(
    `${name.padEnd(51)} right ${right.length} of ${[...copies].filter(concerns).length} copies, ${right.filter(isRead).length} of them found and read; ` +
      `wrong ${wrong} of ${apart.size} apart; unmarked ${linked.length - right.length - wrong}`,
  );
  if (linked.length > right.length) process.exitCode = 1;
}
const address = '同一处';
const citizenOf = ({ user }: Message): string => user;
say(`linked without a look, of ${held.length} pairs of which one holds the other:`);
reportLinks('same citizen, as they are', { citizenOf }, 'same-citizen');
reportLinks('same citizen, were all of one', { citizenOf: () => 'one' }, 'same-citizen');
reportLinks('others, as they are: no place', { citizenOf }, 'same-matter');
reportLinks('others, were all about one address', { citizenOf, address }, 'same-matter');
reportLinks('others, were all of somebody else about one address', { citizenOf: ({ id }) => id, address }, 'same-matter');

if (values.list) {
  say('found, and not marked the same:');
  for (const pair of found)
    if (!same.pairs.has(pair)) say(`  ${pair} ${apart.has(pair) ? 'apart' : 'unmarked'} ${exact.get(pair)?.jaccard.toFixed(2) ?? '<0.1'}`);
}
