import { failures, print, unreached } from './report.js';
import { isOfPatternsAlone, type Called, type Outcome } from './run.js';

const called = (operation: string, answers: Called['answers'], findings: Called['findings'] = {}): Called => ({
  operation,
  answers,
  findings,
});
const outcome = (...operations: Called[]): Outcome => ({ service: 'intake', operations, examples: [], errors: [] });

describe('a fuzz run', () => {
  it('fails of nothing where each operation succeeded and nothing was found', () => {
    expect(failures(outcome(called('GET /v1/a', { 200: 3, 404: 9 }), called('POST /v1/a', { 201: 1 })))).toBe(0);
  });

  it('fails of each finding, of what never succeeded or was never called, and of what could not be tried', () => {
    const found = outcome(
      called('GET /v1/a', { 200: 1, 500: 2 }, { ServerError: 2 }),
      called('GET /v1/b', { 404: 5 }),
      called('GET /v1/c', {}),
    );
    expect(unreached(found)).toEqual(['GET /v1/b', 'GET /v1/c']);
    expect(failures({ ...found, errors: ['GET /v1/d: no schema'] })).toBe(5);
  });

  it('lets pass what can succeed on no system, of that service alone', () => {
    const replay = called('POST /v1/operations/parked/{ticketId}/replay', { 404: 5 });
    expect(failures(outcome(replay))).toBe(0);
    expect(failures({ ...outcome(replay), service: 'feedback' })).toBe(1);
  });

  it('is told in a table, with an example of each finding', () => {
    const lines: string[] = [];
    const found = outcome(called('GET /v1/a', { 200: 7, 404: 2, 500: 1 }, { ServerError: 1 }), called('GET /v1/b', { 400: 4 }));
    print([{ ...found, examples: ['ServerError: GET /v1/a'] }], (line) => lines.push(line.trim()));
    expect(lines.find((line) => line.startsWith('intake '))?.split(/\s+/)).toEqual([
      'intake',
      '2',
      '14',
      '7',
      '6',
      '1',
      'ServerError',
      '1',
    ]);
    expect(lines).toEqual(expect.arrayContaining(['intake: ServerError: GET /v1/a', 'intake: GET /v1/b never succeeded']));
  });

  it('takes a text made without its pattern for tried, and what no operation describes for not', () => {
    const told = (...warnings: object[]) => isOfPatternsAlone(JSON.stringify({ SchemaAnalysisWarnings: { warnings } }));
    const pattern = { operation_label: 'POST /v1/a', pattern: '^(?=x)', dropped: true };
    expect(told(pattern, pattern)).toBe(true);
    expect(told(pattern, { operation_label: 'POST /v1/a', missing: '#/components/schemas/A' })).toBe(false);
    expect(told()).toBe(false);
    expect(isOfPatternsAlone(JSON.stringify({ FatalError: { info: 'x' } }))).toBe(false);
  });
});
