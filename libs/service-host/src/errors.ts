import { defineErrors } from '@paidan/kernel';

/** Every failure the host names. Titles for people are in problems/catalogue.ts. */
export const hostError = defineErrors('service-host', {
  'config-invalid': { retryable: false, loud: 'fatal' },
  'malformed-json': { retryable: false, loud: 'debug', status: 400 },
  'malformed-text': { retryable: false, loud: 'debug', status: 400 },
  'body-too-large': { retryable: false, loud: 'debug', status: 413 },
  'unsupported-media-type': { retryable: false, loud: 'debug', status: 415 },
  'invalid-parameters': { retryable: false, loud: 'debug', status: 400 },
  'validation-failed': { retryable: false, loud: 'debug', status: 422 },
  unauthenticated: { retryable: false, loud: 'debug', status: 401 },
  'key-unknown': { retryable: false, loud: 'info', status: 401 },
  'key-revoked': { retryable: false, loud: 'info', status: 401 },
  'token-invalid': { retryable: false, loud: 'info', status: 401 },
  'token-revoked': { retryable: false, loud: 'info', status: 401 },
  'token-expired': { retryable: false, loud: 'debug', status: 401 },
  'key-set-unavailable': { retryable: true, loud: 'error', status: 503 },
  'key-file-invalid': { retryable: false, loud: 'error' },
  'seal-key-unknown': { retryable: false, loud: 'error' },
  'seal-broken': { retryable: false, loud: 'error' },
  forbidden: { retryable: false, loud: 'info', status: 403 },
  'wrong-channel': { retryable: false, loud: 'info', status: 403 },
  'route-closed': { retryable: false, loud: 'error', status: 403 },
  'body-without-shape': { retryable: false, loud: 'error' },
  'shutting-down': { retryable: true, loud: 'debug', status: 503 },
  'start-failed': { retryable: false, loud: 'fatal' },
  'shutdown-timeout': { retryable: false, loud: 'fatal' },
});
