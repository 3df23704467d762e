import type { BusinessHours } from '@paidan/kernel';
import { join } from 'node:path';
import { env } from './config.js';

/** `09:00-12:00,13:00-18:00` in minutes after midnight. @throws Error that says what is wrong */
export const parseBusinessHours = (raw: string): BusinessHours => {
  let before = -1;
  return raw.split(',').map((part): [number, number] => {
    const found = /^([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$/.exec(part.trim());
    if (found === null) throw new Error(`«${part.trim()}» is not a stretch like 09:00-12:00`);
    const [a = 0, b = 0, c = 0, d = 0] = found.slice(1).map(Number);
    const [open, close] = [a * 60 + b, c * 60 + d];
    if (open <= before || close <= open || close > 1440)
      throw new Error(`«${part.trim()}» does not follow what is before it within one day`);
    before = close;
    return [open, close];
  });
};

/** Which days the city works, and when: for every service that counts working days. */
export const calendarSettings = {
  calendarDir: env.string('PAIDAN_CALENDAR_DIR', {
    optional: true,
    describe: 'folder with a file of holidays for each year, if it is not the city’s `holidays/`',
  }),
  businessHours: env.parsed('PAIDAN_BUSINESS_HOURS', parseBusinessHours, {
    kind: 'stretches of a day',
    default: '09:00-12:00,13:00-18:00',
    describe: 'when the city works, Asia/Shanghai; limits in working days end at the last minute of it',
  }),
};

/** Folder of the files that `loadCalendarFiles` reads. */
export const calendarDirOf = (config: { readonly calendarDir?: string | undefined; readonly cityDir?: string | undefined }): string =>
  config.calendarDir ?? join(config.cityDir ?? '.', 'holidays');
