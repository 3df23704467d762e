import { loadCalendarFiles } from '@paidan/service-host';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { policyFor } from '../../domain/policy.js';
import { describeProblem } from './file-problem.js';
import { loadPolicies } from './load-policies.js';

const CITY = fileURLToPath(new URL('../../../../../deploy/city/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'paidan-sla-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the time limits', () => {
  const table = async (change: (text: string) => string): Promise<string[]> => {
    const path = join(folder, 'sla.csv');
    writeFileSync(path, change(await readFile(join(CITY, 'sla.csv'), 'utf8')));
    const loaded = await loadPolicies(path);
    return loaded.ok ? [] : loaded.problems.map(describeProblem);
  };

  it('as shipped cover each kind: 5 working days, 15 for a report, hours when it is urgent', async () => {
    const loaded = await loadPolicies(join(CITY, 'sla.csv'));
    if (!loaded.ok) throw new Error(loaded.problems.map(describeProblem).join());
    const finish = (type: string, urgency: string) => policyFor(loaded.policies, type, urgency).finish;
    expect([finish('help', 'normal'), finish('report', 'normal'), finish('consultation', 'normal'), finish('report', 'urgent')]).toEqual([
      { count: 5, unit: 'WD' },
      { count: 15, unit: 'WD' },
      { count: 3, unit: 'WD' },
      { count: 24, unit: 'H24' },
    ]);
    expect(policyFor(loaded.policies, 'complaint', 'critical')).toMatchObject({ code: 'critical', respond: { count: 30, unit: 'MIN' } });
  });

  it.each<[string, (text: string) => string, string]>([
    ['a type nobody knows', (text) => text.replace('help,normal', 'hilfe,normal'), 'sla.csv:5: appealType "hilfe" is none of'],
    ['an urgency nobody knows', (text) => text.replace('*,urgent', '*,soon'), 'sla.csv:3: urgency "soon" is none of'],
    ['a span that is none', (text) => text.replace('15 WD', '15 days'), 'sla.csv:7: finish "15 days" is not a span'],
    ['a span of nothing', (text) => text.replace('15 WD', '0 WD'), 'sla.csv:7: finish "0 WD" is not a span'],
    ['a version that is none', (text) => text.replace('report-normal,1', 'report-normal,x'), 'sla.csv:7: version "x"'],
    ['a code that is none', (text) => text.replace('report-normal', 'Report!'), 'sla.csv:7: code "Report!"'],
    ['a code twice', (text) => text.replace('report-normal', 'help-normal'), 'sla.csv:7: code help-normal is on line 5 already'],
    ['a kind twice', (text) => `${text}help,normal,again,1,1 WD,1 WD,5 WD,1 WD,1 WD\n`, 'sla.csv:11: help normal is twice'],
    ['a warning before the start', (text) => text.replace('3 WD,1 WD', '3 WD,3 WD'), 'sla.csv:4: warnBefore is not shorter'],
    ['a kind left out', (text) => text.replace(/^praise.*\n/m, ''), 'sla.csv: has no line for praise normal'],
    ['a column left out', (text) => text.replace('redAfter', 'red'), 'sla.csv:1: has no column redAfter'],
    ['too few cells', (text) => text.replace(',2 H24,4 H24', ''), 'sla.csv:2: has 7 cells, the heading has 9'],
    ['a quote never closed', (text) => text.replace('*,urgent', '"*,urgent'), 'sla.csv:'],
  ])('with %s are refused, with the line', async (_, change, problem) => {
    expect(await table(change)).toContainEqual(expect.stringContaining(problem));
  });

  it('that are not there, or not UTF-8, are refused', async () => {
    expect(await loadPolicies(join(folder, 'nothing.csv'))).toMatchObject({ ok: false, problems: [{ file: 'nothing.csv' }] });
    writeFileSync(join(folder, 'gbk.csv'), Buffer.from([0xd6, 0xd0]));
    expect(await loadPolicies(join(folder, 'gbk.csv'))).toMatchObject({
      ok: false,
      problems: [{ problem: expect.stringContaining('UTF-8') }],
    });
  });
});

describe('the calendar files', () => {
  it('as shipped publish 2024 to 2026, and leave 2027 open', async () => {
    const loaded = await loadCalendarFiles(join(CITY, 'holidays'));
    expect(loaded.ok && loaded.years.map(({ year }) => year)).toEqual([2024, 2025, 2026]);
  });

  it('that are wrong are all named, with file and date, and none of them is taken', async () => {
    const days = (...entries: [string, boolean][]) => entries.map(([date, isOffDay]) => ({ name: '国庆节', date, isOffDay }));
    const write = (name: string, content: unknown) =>
      writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
    write('2025.json', { year: 2025, papers: ['a'], days: days(['2025-10-01', true]) });
    write('2026.json', { year: 2026, papers: ['a'], days: days(['2026-10-10', true], ['2026-10-10', false]) });
    write('2027.json', '{');
    write('notes.json', 'not a year');
    const loaded = await loadCalendarFiles(folder);
    expect(loaded.ok ? [] : loaded.problems.map(describeProblem)).toEqual([
      '2026.json: /days/1/date: 2026-10-10 is both a holiday and a make-up day',
      expect.stringMatching(/^2027\.json: .*JSON/),
    ]);
    expect(await loadCalendarFiles(join(folder, 'nowhere'))).toMatchObject({ ok: false });
  });
});
