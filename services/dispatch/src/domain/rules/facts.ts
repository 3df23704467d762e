import type { AppealType, ChannelKind, Confidentiality, Urgency } from '@paidan/contracts';
import { significant, type Area } from '../routing/directory.js';
import type { Hit } from '../routing/phrases.js';
import type { CompiledRules } from './compile.js';
import type { Dimension } from './document.js';
import { IN_TEXT, IN_TITLE, type FactKeys, type FoundPhrases } from './rule-index.js';

/** What rules can ask of an appeal, as it stood before any rule. A condition on what is not known doesn't hold. */
export interface RuleFacts {
  readonly channel: string;
  readonly channelKind?: ChannelKind | undefined;
  /** 领导信箱 that it came to. */
  readonly mailbox?: string | undefined;
  /** Unit that it was addressed to. */
  readonly addressee?: string | undefined;
  readonly appealType: AppealType;
  readonly urgency: Urgency;
  readonly confidentiality: Confidentiality;
  /** As far as it is known without rules: by the directive or the catalogue's words. */
  readonly matter?: string | null | undefined;
  readonly area?: Area | undefined;
  /** Units that it is about. */
  readonly reported?: readonly string[] | undefined;
  /** Epoch ms: time of day and day of week are asked of this. */
  readonly receivedAt: number;
  /** Epoch ms: a rule must be in force now. */
  readonly now: number;
  readonly title: string;
  readonly text: string;
}

/** Hits of the family `vocabulary.phrases`, where the pass over title and text took place elsewhere. */
export interface PhraseHits {
  readonly title: readonly Hit[];
  readonly text: readonly Hit[];
}

const one = (value: string | null | undefined): readonly string[] => (value === undefined || value === null ? [] : [value]);

export const factKeys = ({ upwards }: CompiledRules, facts: RuleFacts): FactKeys => {
  const up = (dimension: Dimension, values: readonly string[]): readonly string[] =>
    values.length === 1 ? upwards(dimension, values[0] as string) : [...new Set(values.flatMap((value) => upwards(dimension, value)))];
  return {
    channel: [facts.channel],
    channelKind: one(facts.channelKind),
    mailbox: one(facts.mailbox),
    addressee: one(facts.addressee),
    appealType: [facts.appealType],
    matter: up('matter', one(facts.matter)),
    area: facts.area === undefined ? [] : up('area', [significant(facts.area.code)]),
    reported: up('reported', facts.reported ?? []),
    urgency: [facts.urgency],
    confidentiality: [facts.confidentiality],
  };
};

export const findPhrases = ({ vocabulary, matcher }: CompiledRules, facts: RuleFacts, hits?: PhraseHits): FoundPhrases => {
  const where = new Uint8Array(vocabulary.phrases.length);
  const ids: number[] = [];
  const note = (found: readonly Hit[], bit: number): void => {
    for (const { phrase } of found) {
      if (((where[phrase] as number) & bit) !== 0) continue;
      for (const id of vocabulary.inside[phrase] ?? []) {
        if (where[id] === 0) ids.push(id);
        where[id] = (where[id] as number) | bit;
      }
    }
  };
  note(hits?.title ?? matcher.scan(facts.title)[0] ?? [], IN_TITLE);
  note(hits?.text ?? matcher.scan(facts.text)[0] ?? [], IN_TEXT);
  return { ids, where };
};
