import { defineErrors } from '@paidan/kernel';

export const intakeError = defineErrors('intake', {
  'channel-unknown': { retryable: false, loud: 'warn', status: 403 },
  'submission-differs': { retryable: false, loud: 'info', status: 409 },
  'ticket-unknown': { retryable: false, loud: 'debug', status: 404 },
  'contact-unknown': { retryable: false, loud: 'debug', status: 404 },
  'contact-withheld': { retryable: false, loud: 'info', status: 403 },
});
