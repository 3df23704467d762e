import type { AppealType, Candidate, ChannelKind, Confidentiality, HoldReason, Place, Reason, RuledOut, Urgency } from '@paidan/contracts';
import type { CompiledRules } from '../rules/compile.js';
import type { Directory } from './directory.js';
import type { TopicGuide } from './topics.js';

export interface Appeal {
  readonly channel: string;
  readonly channelKind?: ChannelKind | undefined;
  readonly appealType: AppealType;
  readonly urgency: Urgency;
  readonly confidentiality: Confidentiality;
  /** Epoch ms: rules ask for the time of day. */
  readonly receivedAt: number;
  /** Unit code that the citizen or the upstream platform gave. */
  readonly addressee?: string | undefined;
  /** 领导信箱 that it was written to. */
  readonly mailbox?: string | undefined;
  readonly title: string;
  readonly text: string;
  readonly place?: Place | undefined;
  /** Codes of units that the appeal is about; neither they nor anything under them may hold it. */
  readonly reportedUnits?: readonly string[] | undefined;
}

/** What routing goes by: the directory in force, the rules compiled for it, the city's model of topics where there is one. */
export interface Guides {
  readonly directory: Directory;
  readonly rules?: CompiledRules | undefined;
  readonly topics?: TopicGuide | undefined;
}

/** What found the lead; goes into `by: { kind: 'rule', rule }` of the event. Which of the published rules it was, the reasons say. */
export const ROUTING_RULES = [
  'addressee',
  'mailbox',
  'rule-set',
  'named-unit',
  'matter',
  'matter-and-area',
  'front-line',
  'level-above',
] as const;
export type RoutingRule = (typeof ROUTING_RULES)[number];

interface Decided {
  readonly matter: string | null;
  /** 0…1: how much evidence there is, and how far behind the next one is. No probability, but it orders decisions by how often they are right. */
  readonly confidence: number;
  readonly reasons: readonly Reason[];
  readonly ruledOut: readonly RuledOut[];
  /** Where a rule raised it. */
  readonly urgency?: Urgency;
}
export interface Assigned extends Decided {
  readonly kind: 'assigned';
  readonly lead: string;
  readonly coHandlers: readonly string[];
  readonly copies: readonly string[];
  readonly rule: RoutingRule;
}
export interface Held extends Decided {
  readonly kind: 'held';
  readonly reason: HoldReason;
  readonly candidates: readonly Candidate[];
}
export type RoutingDecision = Assigned | Held;

export interface RoutingPolicy {
  /** Below this score the words are chance: one strong phrase anywhere reaches it, two weak ones don't. */
  readonly minScore: number;
  /** Least lead over the best other unit, as a part of the best score. */
  readonly minMargin: number;
  /**
   * A wrong unit costs the citizen a return, a held ticket costs a dispatcher a minute. `npm run measure:matters` tells how many of hand-checked messages reach
   * this, and of how many the unit is right.
   */
  readonly minConfidence: number;
  /** Score of a matter that a rule says: above what words reach, so that another one is no rival. */
  readonly ofRule: number;
  /** A place less certain than this isn't gone by: what it lies in is, if that is certain enough. */
  readonly minCertainty: number;
}
export const ROUTING: RoutingPolicy = {
  minScore: 3,
  minMargin: 0.1,
  minConfidence: 0.6,
  ofRule: 30,
  minCertainty: 0.6,
};
