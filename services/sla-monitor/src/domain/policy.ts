import { APPEAL_TYPES, URGENCY, type AppealType, type Span, type Urgency } from '@paidan/contracts';
import { knownOr } from '@paidan/kernel';

/** The time limits of one kind of appeal. A ticket keeps those it was registered under, unless it is found more urgent. */
export interface Policy {
  readonly code: string;
  readonly version: number;
  /** 签收 */
  readonly sign: Span;
  /** 联系诉求人 */
  readonly respond: Span;
  /** 办结 */
  readonly finish: Span;
  /** 预警: so long before the deadline of finishing. */
  readonly warnBefore: Span;
  /** 红牌: so long after it. */
  readonly redAfter: Span;
}

export type Policies = ReadonlyMap<string, Policy>;

export const policyKey = (appealType: AppealType, urgency: Urgency): string => `${appealType} ${urgency}`;

/** Kinds of appeal that a complete table has a policy for. */
export const POLICY_KEYS: readonly { readonly appealType: AppealType; readonly urgency: Urgency }[] = APPEAL_TYPES.flatMap((appealType) =>
  URGENCY.map((urgency) => ({ appealType, urgency })),
);

/** The policy of a ticket. A kind that only a newer intake knows runs under the ordinary limits. */
export const policyFor = (policies: Policies, appealType: string, urgency: string): Policy => {
  const policy = policies.get(policyKey(knownOr(APPEAL_TYPES, appealType, 'other'), knownOr(URGENCY, urgency, 'normal')));
  if (policy === undefined) throw new Error(`no policy for ${appealType} ${urgency}`);
  return policy;
};
