import { makeCalendar } from '@paidan/kernel';
import { calendarDirOf, loadCalendarFiles } from '@paidan/service-host';
import type { DispatchConfig } from '../../config.js';
import type { DispatchPolicy } from '../../domain/placements.js';
import { returnUntil } from '../../domain/return-window.js';
import { dispatchError } from '../../errors.js';

type Settings = Pick<DispatchConfig, 'returnWindow' | 'businessHours' | 'calendarDir' | 'cityDir'>;

/**
 * How the city counts the window for returns: by the files of holidays that the time limits are counted by. Time by the clock needs none.
 * @throws PaidanError `calendar-files-invalid` naming each file and date
 */
export const loadReturnWindow = async (settings: Settings): Promise<DispatchPolicy['returnUntil']> => {
  const { returnWindow, businessHours } = settings;
  if (returnWindow.kind === 'hours') return (from) => from + returnWindow.milliseconds;
  const folder = calendarDirOf(settings);
  const loaded = await loadCalendarFiles(folder);
  const made = loaded.ok ? makeCalendar(loaded.years, businessHours) : undefined;
  if (made?.ok === true) return (from) => returnUntil(made.calendar, returnWindow, from);
  const problems = loaded.ok ? [] : loaded.problems.map(({ file, problem }) => `  ${file}: ${problem}`);
  throw dispatchError('calendar-files-invalid', `calendars ${folder}:\n${problems.join('\n')}`);
};
