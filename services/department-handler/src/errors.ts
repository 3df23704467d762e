import { defineErrors } from '@paidan/kernel';

/** What this service refuses over HTTP apart from commands, whose refusals are in application/refusals.ts. */
export const departmentError = defineErrors('department-handler', {
  'unknown-ticket': { retryable: false, loud: 'debug', status: 404 },
  'not-your-ticket': { retryable: false, loud: 'info', status: 403 },
});
