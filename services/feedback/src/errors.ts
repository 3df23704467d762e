import { defineErrors } from '@paidan/kernel';

/** What feedback refuses over HTTP. */
export const feedbackError = defineErrors('feedback', {
  'unknown-ticket': { retryable: false, loud: 'debug', status: 404 },
  'not-your-ticket': { retryable: false, loud: 'info', status: 403 },
  'unknown-tracking': { retryable: false, loud: 'debug', status: 404 },
  'too-many-requests': { retryable: true, loud: 'info', status: 429 },
  'unknown-round': { retryable: false, loud: 'debug', status: 404 },
  'not-answered-yet': { retryable: false, loud: 'debug', status: 409 },
  'already-rated': { retryable: false, loud: 'debug', status: 409 },
  closed: { retryable: false, loud: 'debug', status: 409 },
  'retelling-under-way': { retryable: true, loud: 'info', status: 409 },
  'unknown-retelling': { retryable: false, loud: 'debug', status: 404 },
  'trail-unfinished': { retryable: true, loud: 'warn', status: 409 },
  'unknown-gap': { retryable: false, loud: 'debug', status: 404 },
});
