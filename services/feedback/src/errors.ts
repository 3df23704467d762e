import { defineErrors } from '@paidan/kernel';

/** What feedback refuses over HTTP. */
export const feedbackError = defineErrors('feedback', {
  'ticket-unknown': { retryable: false, loud: 'debug', status: 404 },
  'not-your-ticket': { retryable: false, loud: 'info', status: 403 },
  'tracking-unknown': { retryable: false, loud: 'debug', status: 404 },
  'too-many-requests': { retryable: true, loud: 'info', status: 429 },
  'unknown-round': { retryable: false, loud: 'debug', status: 404 },
  'not-answered-yet': { retryable: false, loud: 'debug', status: 409 },
  'already-rated': { retryable: false, loud: 'debug', status: 409 },
  closed: { retryable: false, loud: 'debug', status: 409 },
  'retelling-under-way': { retryable: true, loud: 'info', status: 409 },
  'retelling-unknown': { retryable: false, loud: 'debug', status: 404 },
  'trail-unfinished': { retryable: true, loud: 'warn', status: 409 },
  'gap-unknown': { retryable: false, loud: 'debug', status: 404 },
});
