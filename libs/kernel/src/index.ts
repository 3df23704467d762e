export { assertNever } from './assert-never.js';
export { checkYear, type CalendarYear, type CheckedYear, type MarkedDay, type YearProblem } from './calendar/calendar-year.js';
export {
  calendarError,
  closeOf,
  DAY_KINDS,
  isWorked,
  kindOf,
  makeCalendar,
  workdayAfter,
  workdayBefore,
  type BusinessHours,
  type Calendar,
  type DayKind,
  type MadeCalendar,
} from './calendar/calendar.js';
export { dateOf, DAY, dayOf, firstDayOf, HOUR, isWeekend, parseDate, startOf, timeOn, weekdayOf, yearOf } from './calendar/day.js';
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
export { isStorable } from './storable.js';
