import { openContent, openWords, seal, SEAL_IV_BYTES, type ContentKeys } from '@paidan/contracts';
import type { Clock, Runtime, ServiceDefinition } from '@paidan/runtime';
import { randomBytes } from 'node:crypto';
import { answerCommand } from '../application/answer-command.js';
import type { Seals } from '../application/show-work-items.js';
import { waitForDirectory } from '../application/wait-for-directory.js';
import type { WorkCommand } from '../domain/commands.js';
import { decideWork } from '../domain/decisions.js';
import type { Facts, WorkPolicy } from '../domain/facts.js';
import { recall } from '../domain/recall.js';
import type { WorkItem } from '../domain/work-item.js';
import { decodeFrom, TOPICS, type TopicNames } from './kafka/decode.js';
import { columns } from './postgres/columns.js';
import type { DirectoryInForce } from './postgres/directory-store.js';
import { loadFacts } from './postgres/load-facts.js';
import { writeTexts } from './postgres/write-texts.js';

export type WorkRuntime = Runtime<WorkItem, Facts, WorkCommand>;

/** Injection token of the {@link WorkRuntime}. */
export const RUNTIME = Symbol('department-handler:runtime');

export interface DefinitionParts {
  readonly directory: DirectoryInForce;
  readonly keys: ContentKeys;
  readonly policy: WorkPolicy;
  readonly clock: Clock;
  readonly topics?: TopicNames;
}

/** What makes the runtime into department-handler. */
export const workDefinition = ({
  directory,
  keys,
  policy,
  clock,
  topics = TOPICS,
}: DefinitionParts): ServiceDefinition<WorkItem, Facts, WorkCommand> => ({
  service: 'department-handler',
  // An assignment and its deadlines are one write then; a department doesn't notice.
  gather: { quietMs: 100, busyMs: 300 },
  decide: waitForDirectory(decideWork),
  decode: decodeFrom(topics),
  columns,
  facts: loadFacts(
    () => directory.current,
    policy,
    (text, ticketId) => seal({ text }, ticketId, keys, randomBytes(SEAL_IV_BYTES)),
  ),
  recall,
  write: writeTexts(() => clock.now()),
  answer: answerCommand,
});

/** Opens what may be shown. */
export const sealsWith = (keys: ContentKeys): Seals => ({
  content: (content, ticketId) => openContent(content, ticketId, keys),
  words: (words, ticketId) => openWords(words, ticketId, keys).text,
});
