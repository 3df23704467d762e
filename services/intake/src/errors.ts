import { defineErrors } from '@paidan/kernel';

export const intakeError = defineErrors('intake', {
  'unknown-channel': { retryable: false, loud: 'warn', status: 403 },
  'submission-differs': { retryable: false, loud: 'info', status: 409 },
  'unknown-ticket': { retryable: false, loud: 'debug', status: 404 },
  'unknown-contact': { retryable: false, loud: 'debug', status: 404 },
  'contact-withheld': { retryable: false, loud: 'info', status: 403 },
});
