import type { LabelCodes } from '../domain/classifier/blend-matters.js';
import { ROUTING, type Guides } from '../domain/routing/decision.js';
import { route } from '../domain/routing/first-decision.js';
import type { LabelledRow } from '../train/labelled-rows.js';

export const THRESHOLDS: readonly number[] = [0, 0.3, 0.45, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95];

/** What became of one message when everything was assigned that could be. */
export interface Decided {
  /** Below 0 where it was held whatever the threshold. */
  readonly confidence: number;
  readonly held?: string;
  /** Whether the label stands for the matter; undefined where the unit was found without one. */
  readonly isRight?: boolean;
}

export const decide = (guides: Guides, codes: LabelCodes, { label, text }: LabelledRow, now: number): Decided => {
  const appeal = { channel: 'web-portal', appealType: 'help', urgency: 'normal', confidentiality: 'open' } as const;
  const routed = route(guides, { ...appeal, title: '', text, receivedAt: now }, now, new Map(), {
    ...ROUTING,
    minConfidence: 0,
  });
  if (routed.kind === 'held') return { confidence: -1, held: routed.reason };
  const { confidence, matter } = routed;
  if (matter === null) return { confidence };
  const isRight = (codes.get(label) ?? []).some((code) => code === matter || code === matter.slice(0, 2));
  return { confidence, isRight };
};
