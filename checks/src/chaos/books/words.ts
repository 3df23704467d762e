import { headerOf, parseTopic } from '@paidan/contracts';
import type { Word } from './books.js';
import { digestOf, headerLines } from './read-log.js';
import type { Stored } from './read-topics.js';

/** What strangers say in Kafka is theirs to say again. */
const STRANGERS: ReadonlySet<string | undefined> = new Set(['commands', 'submissions']);

/** What the services said, each word once. */
export class Words {
  readonly words = new Map<string, Word>();

  readonly take = ({ topic, offset, value, headers }: Stored): void => {
    if (STRANGERS.has(parseTopic(topic)?.family)) return;
    const header = (name: string): string => headerOf(headers, name) ?? '';
    const key = `${topic} ${header('ce_source')} ${header('ce_id')}`;
    if (this.words.has(key)) return;
    const what = `${header('ce_type')} ${header('ce_id')}`;
    this.words.set(key, { what, topic, offset, digest: digestOf(...headerLines(headers), value ?? '') });
  };
}
