import { defineErrors, type CodeOf } from '@paidan/kernel';

export const contractsError = defineErrors('contracts', {
  /** Retryable: keys are rotated by giving the new one to every service first. */
  'content-key-unknown': { retryable: true, loud: 'error' },
  /** Another key under the same id, another ticket's text, or damage. */
  'seal-broken': { retryable: false, loud: 'error' },
});
export type ContractsErrorCode = CodeOf<typeof contractsError>;
