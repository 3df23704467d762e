import { Agenda, CityTime, DAY, HOUR, inOfficeHours, shownAt, shownSpan } from './time.js';

const at = (text: string): number => Date.parse(`${text}+08:00`);

describe('office hours', () => {
  it.each([
    ['2026-03-02T09:00:00', '2026-03-02T09:00:00'],
    ['2026-03-02T17:29:00', '2026-03-02T17:29:00'],
    ['2026-03-02T08:00:00', '2026-03-02T13:00:00'],
    ['2026-03-02T17:30:00', '2026-03-03T13:00:00'],
    ['2026-03-06T23:00:00', '2026-03-09T13:00:00'],
    ['2026-03-07T12:00:00', '2026-03-09T13:00:00'],
    ['2026-03-08T20:00:00', '2026-03-09T13:00:00'],
  ])('%s is worked on at %s, when it is half-way through a day', (asked, done) => {
    expect(shownAt(inOfficeHours(at(asked), 0.5))).toBe(shownAt(at(done)));
  });

  it('end in time whatever the moment', () => {
    for (const share of [0, 0.3, 0.999]) expect(inOfficeHours(at('2026-03-02T20:00:00'), share)).toBeLessThan(at('2026-03-03T17:30:00'));
  });
});

describe('the city’s time', () => {
  const clock = { from: '2026-03-02T09:00:00+08:00', anchor: Date.now(), factor: 86_400 };

  it('is real without a clock of its own, and nobody waits then', () => {
    expect(new CityTime(undefined)).toMatchObject({ factor: 1, paced: false });
    expect(new CityTime(clock).inReal(DAY)).toBe(1_000);
  });

  it('is what the agenda goes by', async () => {
    const time = new CityTime(clock);
    const agenda = new Agenda(time);
    const done: string[] = [];
    agenda.at(time.now() + 2 * HOUR, () => done.push('later'));
    agenda.at(time.now() + HOUR, () => done.push('sooner'));
    agenda.at(time.now() - HOUR, () => done.push('at once'));
    agenda.at(time.now() + 300 * DAY, () => done.push('never'));
    expect(agenda.isEmpty).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(done).toEqual(['at once', 'sooner', 'later']);
    await agenda.close();
    expect(agenda.isEmpty).toBe(true);
  });

  it('is shown as people say it', () => {
    expect(shownAt(at('2026-03-04T14:20:00'))).toBe('2026-03-04 Wed 14:20');
    expect([3 * DAY + 4 * HOUR, 2 * HOUR + 300_000, 2_400_000, 0].map(shownSpan)).toEqual(['3 d 4 h', '2 h 05 m', '40 m', '0 m']);
  });
});
