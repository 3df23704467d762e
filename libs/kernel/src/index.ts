export { assertNever } from './assert-never.js';
export { knownOr, memberOf, sqlIn, type Member } from './closed-set.js';
export {
  defineErrors,
  LOUDNESS,
  PaidanError,
  type CodeOf,
  type ErrorDetails,
  type ErrorFactory,
  type ErrorTraits,
  type Loudness,
} from './errors.js';
export { isUuid, timeOfUuidv7, uuidv7, UUIDV7_RANDOM_BYTES } from './ids.js';
