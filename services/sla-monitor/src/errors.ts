import { defineErrors } from '@paidan/kernel';

/** Everything this service refuses; titles for people are in adapters/http/problems.ts. */
export const slaError = defineErrors('sla-monitor', {
  'policies-invalid': { retryable: false, loud: 'fatal' },
  'calendar-files-invalid': { retryable: false, loud: 'fatal' },
  'calendar-invalid': { retryable: false, loud: 'info', status: 422 },
  'calendar-unpublished': { retryable: false, loud: 'debug', status: 404 },
  'unknown-ticket': { retryable: false, loud: 'debug', status: 404 },
  'command-id-reused': { retryable: false, loud: 'debug', status: 409 },
  'not-your-ticket': { retryable: false, loud: 'info', status: 403 },
});
