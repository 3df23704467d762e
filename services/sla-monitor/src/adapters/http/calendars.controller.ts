import { dateOf, firstDayOf, isWorked } from '@paidan/kernel';
import { Body, Controller, Get, Inject, Param, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, LOGGER, Refuses, Roles, type Logger, type PersonCaller } from '@paidan/service-host';
import { Calendars } from '../../application/calendars.js';
import { Sweep } from '../../application/sweep.js';
import { slaError } from '../../errors.js';
import { CalendarView, HolidayFile, YearParams } from './shapes.js';

@ApiTags('calendars')
@Controller('v1/calendars/:year')
export class CalendarsController {
  constructor(
    private readonly calendars: Calendars,
    private readonly sweep: Sweep,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Get()
  @Refuses('calendar-unpublished')
  @Roles('dispatcher', 'supervisor', 'operator', 'officer', 'approver')
  @ApiOperation({ summary: 'The working calendar of a year: days off and make-up working days' })
  @ApiOkResponse({ type: CalendarView })
  show(@Param() { year }: YearParams): CalendarView {
    const { current } = this.calendars;
    const published = current.years.get(year);
    if (published === undefined)
      throw slaError('calendar-unpublished', `the calendar of ${year} is not published`, { extensions: { year } });
    const loaded = this.calendars.loaded(year);
    let workingDays = 0;
    for (let day = firstDayOf(year); day < firstDayOf(year + 1); day += 1) workingDays += Number(isWorked(current, day));
    return {
      year,
      workingDays,
      papers: [...published.papers],
      days: published.days.map(({ day, name, off }) => ({ name, date: dateOf(day), isOffDay: off })),
      ...(loaded === undefined ? {} : { loadedAt: loaded.loadedAt.toISOString(), loadedBy: loaded.loadedBy }),
    };
  }

  @Put()
  @Refuses('calendar-invalid')
  @Roles('operator')
  @ApiOperation({
    summary: 'Publish the calendar of a year, or correct it',
    description:
      'The file of holiday-cn as it is. Taken whole or not at all. Every ticket that waits for the year gets its deadlines; after a correction, all are computed anew.',
  })
  @ApiOkResponse({ type: CalendarView })
  async load(@Param() { year }: YearParams, @Body() file: HolidayFile, @CurrentCaller() { sub }: PersonCaller): Promise<CalendarView> {
    await this.calendars.load(year, file, sub);
    this.logger.warn({ year, by: sub }, 'calendar loaded');
    this.sweep.wake();
    return this.show({ year });
  }
}
