import { contactFor, NAME_MARK, PHONE_MARK } from '../load/town.js';
import { headerOf, parseTopic } from '@paidan/contracts';
import type { Leak } from './books.js';
import type { Stored } from './read-topics.js';

const PHONE = Buffer.from(PHONE_MARK);
const NAME = Buffer.from(NAME_MARK);

/** Looks for the town's names and numbers wherever they have no business: on every topic but those on which adapters hand them in. */
export class LeakSeeker {
  readonly leaks: Leak[] = [];
  private readonly phones: ReadonlySet<string>;
  private readonly names: ReadonlySet<string>;

  constructor(people: number) {
    const contacts = Array.from({ length: people }, (_, index) => contactFor(index + 1));
    this.phones = new Set(contacts.map(({ phone }) => phone));
    this.names = new Set(contacts.map(({ name }) => name));
  }

  readonly take = ({ topic, offset, key, value, headers }: Stored): void => {
    if (parseTopic(topic)?.family === 'submissions') return;
    const sides = [value, key, ...Object.keys(headers).map((name) => Buffer.from(headerOf(headers, name) ?? ''))];
    for (const bytes of sides) {
      if (bytes === null || (!bytes.includes(PHONE) && !bytes.includes(NAME))) continue;
      const text = bytes.toString();
      for (const [kind, known, mark] of [
        ['phone', this.phones, PHONE_MARK],
        ['name', this.names, NAME_MARK],
      ] as const) {
        const at = text.indexOf(mark);
        if (at < 0) continue;
        const whole = [...known].find((one) => text.includes(one));
        this.leaks.push({ topic, offset, what: whole === undefined ? `a part of a ${kind}` : `a ${kind} of the town` });
      }
    }
  };
}
