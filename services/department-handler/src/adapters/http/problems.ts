import { PaidanError } from '@paidan/kernel';
import type { Outcome } from '@paidan/runtime';
import type { ProblemCatalogue } from '@paidan/service-host';
import { REFUSALS, refusalOf } from '../../application/refusals.js';

/** Titles of what this service alone answers. `ticket-parked` and `no-unit` are the host's. */
export const DEPARTMENT_PROBLEMS: ProblemCatalogue = {
  ...Object.fromEntries(
    Object.entries(REFUSALS)
      .filter(([reason]) => reason !== 'ticket-parked')
      .map(([reason, { code, status, title, titleZh }]) => [code ?? reason, { status, title, titleZh }]),
  ),
};

/** A refused command as a problem: `code` is the reason, `state` what the work item is in now, `windowEnded` when it was too late to return it. */
export const refusedCommand = (outcome: Extract<Outcome, { accepted: false }>): PaidanError => {
  const { reason, code, title, status } = refusalOf(outcome.reason);
  return new PaidanError(
    'department-handler',
    code ?? reason,
    title,
    { retryable: false, loud: 'debug', status },
    { extensions: { ...outcome.detail } },
  );
};
