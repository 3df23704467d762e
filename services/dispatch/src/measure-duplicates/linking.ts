import { sameAs, type Newcomer } from '../domain/duplicates/same.js';
import type { Message } from './marked.js';

/** What the messages don't tell: from whom they are, and about which place. */
export interface Assumed {
  readonly citizenOf: (message: Message) => string;
  readonly address?: string;
}

/** As routing leaves it: somebody has it, and nobody is in a hurry. */
const OPEN = { ticketId: 'earlier', number: '20261122-000001', status: 'assigned', urgency: 'normal' } as const;

/** Whether of two messages the later would be linked to the earlier without anybody looking, and as what; read word by word whether it was found or not. */
export function linkOf(a: Message, b: Message, { citizenOf, address }: Assumed): ReturnType<typeof sameAs> {
  const [earlier, later] = a.at <= b.at ? [a, b] : [b, a];
  const saidBy = (message: Message): Omit<Newcomer, 'urgency'> => ({
    said: { title: message.title, text: message.text, ...(address === undefined ? {} : { place: { address } }) },
    appealType: 'help',
    citizen: citizenOf(message),
  });
  return sameAs({ ...saidBy(later), urgency: 'normal' }, { ...saidBy(earlier), citizen: citizenOf(earlier), master: OPEN });
}
