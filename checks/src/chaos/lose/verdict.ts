import { SERVICES } from '@paidan/contracts';
import type { Loss } from './lose.js';

/** What must not be of the way on itself; what came of it is the ledger's. */
export interface LossFinding {
  readonly rule: 'unnamed' | 'not-republished' | 'nothing-said' | 'unwell';
  readonly evidence: string;
}

/** Every service has named the loss, says everything again when an operator has it done, and is well then. */
export function judgeLoss({ named, well, services, failures }: Loss): readonly LossFinding[] {
  const without = (seconds: Loss['named']) => SERVICES.filter((service) => seconds[service] === undefined);
  return [
    ...without(named).map((service) => ({ rule: 'unnamed' as const, evidence: `${service} never said cluster-changed` })),
    ...SERVICES.filter((service) => !services.some((one) => one.service === service)).map((service) => ({
      rule: 'not-republished' as const,
      evidence: `${service}: ${failures.at(-1) ?? 'paidan republish does not tell of it'}`,
    })),
    ...services
      .filter(({ events }) => events === 0)
      .map(({ service }) => ({
        rule: 'nothing-said' as const,
        evidence: `${service} had no event to say again: the run has not shown that it can`,
      })),
    ...without(well).map((service) => ({ rule: 'unwell' as const, evidence: `${service} was not well again after all was said again` })),
  ];
}
