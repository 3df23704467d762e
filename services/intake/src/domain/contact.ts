import type { Confidentiality } from '@paidan/contracts';

/**
 * What contact data may be asked for (个保法 §6: tied to a purpose): 核实情况, 上门或现场, 告知结果, 回访, 代为转接.
 */
export const PURPOSES = ['ask-for-details', 'arrange-visit', 'deliver-reply', 'follow-up', 'connect-call'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** What became of the asking; refused askings are recorded too. 已提供, 未留联系方式, 保密不提供. */
export const ASKING_OUTCOMES = ['shown', 'none-left', 'withheld'] as const;
export type AskingOutcome = (typeof ASKING_OUTCOMES)[number];

/**
 * The unit that handles a confidential or anonymous ticket sees its number and content alone (GB/T 33358, 信访工作条例 §30): the desk makes the
 * contact, so its dispatchers may see it.
 */
export const mayShow = (confidentiality: Confidentiality, asker: { readonly atDesk: boolean }): boolean =>
  asker.atDesk || confidentiality === 'open';
