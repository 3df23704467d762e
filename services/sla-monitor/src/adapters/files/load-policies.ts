import { APPEAL_TYPES, TIME_UNITS, URGENCY, type Span } from '@paidan/contracts';
import { memberOf } from '@paidan/kernel';
import { isUtf8 } from 'node:buffer';
import { CsvError, parse } from 'csv-parse/sync';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { policyKey, POLICY_KEYS, type Policies, type Policy } from '../../domain/policy.js';
import type { FileProblem } from './file-problem.js';

const COLUMNS = ['appealType', 'urgency', 'code', 'version', 'sign', 'respond', 'finish', 'warnBefore', 'redAfter'] as const;
type Cells = Readonly<Record<(typeof COLUMNS)[number], string>>;

/** In the column `appealType`: every type that has no line of its own for that urgency. */
const OTHERS = '*';
const MOST = 1_000;

const isAppealType = memberOf(APPEAL_TYPES);
const isUrgency = memberOf(URGENCY);
const isTimeUnit = memberOf(TIME_UNITS);

export type LoadedPolicies =
  { readonly ok: true; readonly policies: Policies } | { readonly ok: false; readonly problems: readonly FileProblem[] };

/** Reads the table of time limits: all of it, covering each kind of appeal, or every problem with its line. */
export async function loadPolicies(path: string): Promise<LoadedPolicies> {
  const file = basename(path);
  const problems: FileProblem[] = [];
  const say = (line: number | undefined, problem: string): void =>
    void problems.push({ file, ...(line === undefined ? {} : { line }), problem });
  const rows = await readRows(path, say);
  const exact = new Map<string, Policy>();
  const others = new Map<string, Policy>();
  const codes = new Map<string, number>();
  for (const { line, cells } of rows) {
    const { appealType, urgency, code } = cells;
    if (appealType !== OTHERS && !isAppealType(appealType))
      say(line, `appealType "${appealType}" is none of ${APPEAL_TYPES.join(', ')}, *`);
    if (!isUrgency(urgency)) say(line, `urgency "${urgency}" is none of ${URGENCY.join(', ')}`);
    if (!/^[a-z0-9-]{1,64}$/.test(code)) say(line, `code "${code}" is not lower-case letters, digits and hyphens`);
    const first = codes.get(code);
    if (first !== undefined) say(line, `code ${code} is on line ${first} already`);
    else codes.set(code, line);
    const policy = policyOf(cells, (problem) => say(line, problem));
    const table = appealType === OTHERS ? others : exact;
    const key = `${appealType} ${urgency}`;
    if (table.has(key)) say(line, `${key} is twice: each kind has one line`);
    if (policy !== undefined) table.set(key, policy);
  }
  if (problems.length > 0) return { ok: false, problems };
  const policies = new Map<string, Policy>();
  for (const { appealType, urgency } of POLICY_KEYS) {
    const policy = exact.get(`${appealType} ${urgency}`) ?? others.get(`${OTHERS} ${urgency}`);
    if (policy === undefined) say(undefined, `has no line for ${appealType} ${urgency}`);
    else policies.set(policyKey(appealType, urgency), policy);
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, policies };
}

function policyOf(cells: Cells, say: (problem: string) => void): Policy | undefined {
  const version = /^\d{1,9}$/.test(cells.version) ? Number(cells.version) : 0;
  if (version < 1) say(`version "${cells.version}" is not a whole number from 1`);
  const span = (column: 'sign' | 'respond' | 'finish' | 'warnBefore' | 'redAfter'): Span => {
    const [, count = '', unit] = /^(\d{1,4}) ([A-Z0-9]+)$/.exec(cells[column]) ?? [];
    if (isTimeUnit(unit) && Number(count) >= 1 && Number(count) <= MOST) return { count: Number(count), unit };
    say(`${column} "${cells[column]}" is not a span like 5 WD, 8 WH, 24 H24, 30 MIN or 7 CD`);
    return { count: 1, unit: 'WD' };
  };
  const [finish, warnBefore] = [span('finish'), span('warnBefore')];
  if (finish.unit === warnBefore.unit && warnBefore.count >= finish.count)
    say('warnBefore is not shorter than finish: nobody would be warned');
  const policy = {
    code: cells.code,
    version,
    sign: span('sign'),
    respond: span('respond'),
    finish,
    warnBefore,
    redAfter: span('redAfter'),
  };
  return version < 1 ? undefined : policy;
}

async function readRows(path: string, say: (line: number | undefined, problem: string) => void): Promise<{ line: number; cells: Cells }[]> {
  let records: { record: string[]; info: { lines: number } }[];
  try {
    const bytes = await readFile(path);
    if (!isUtf8(bytes)) {
      say(undefined, 'is not UTF-8; a spreadsheet may have saved it as GBK: save it as "CSV UTF-8"');
      return [];
    }
    records = parse(bytes, {
      bom: true,
      info: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
    }) as unknown as typeof records;
  } catch (error) {
    const line = error instanceof CsvError && typeof error['lines'] === 'number' ? error['lines'] : undefined;
    say(line, error instanceof Error ? error.message : String(error));
    return [];
  }
  const [heading, ...body] = records;
  const names = heading?.record ?? [];
  const wrong = [
    ...COLUMNS.filter((column) => !names.includes(column)).map((column) => `has no column ${column}`),
    ...names.filter((name) => !(COLUMNS as readonly string[]).includes(name)).map((name) => `has an unknown column ${name}`),
  ];
  for (const problem of wrong) say(1, problem);
  if (wrong.length > 0) return [];
  return body.flatMap(({ record, info: { lines: line } }) => {
    if (record.length !== names.length) {
      say(line, `has ${record.length} cells, the heading has ${names.length}`);
      return [];
    }
    return [{ line, cells: Object.fromEntries(names.map((name, i) => [name, record[i] ?? ''])) as Cells }];
  });
}
