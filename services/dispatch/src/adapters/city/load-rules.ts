import type { RuleSetV1 } from '@paidan/contracts';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LineCounter, parseDocument, type Document } from 'yaml';
import { checkRules } from '../../domain/rules/check.js';
import type { RuleWorld } from '../../domain/rules/document.js';
import { BY_TIME } from '../../domain/rules/problems.js';
import type { CityProblem } from './city-files.js';

export type LoadedRules =
  { readonly ok: true; readonly document: RuleSetV1 } | { readonly ok: false; readonly problems: readonly CityProblem[] };

/** JSON is YAML, too: one reader for both. */
const FILES = ['rules.yaml', 'rules.json'] as const;

/**
 * The set of rules of a city's folder, or every problem by file and line; undefined where the folder has none. That a rule has ended is none here: a
 * folder that was right when it was written still starts a city years later.
 * @param now epoch ms
 */
export const loadRules = async (folder: string, world: RuleWorld, now: number): Promise<LoadedRules | undefined> => {
  for (const file of FILES) {
    const bytes = await readIfThere(join(folder, file));
    if (bytes === undefined) continue;
    const text = textOf(bytes);
    return text === undefined
      ? { ok: false, problems: [{ file, problem: 'is not UTF-8', problemZh: '不是 UTF-8 编码' }] }
      : readRules(file, text, world, now);
  }
  return undefined;
};

const readIfThere = async (path: string): Promise<Uint8Array | undefined> => {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

const textOf = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

const readRules = (file: string, text: string, world: RuleWorld, now: number): LoadedRules => {
  const lines = new LineCounter();
  const parsed = parseDocument(text, { lineCounter: lines });
  if (parsed.errors.length > 0) {
    const problems = parsed.errors.map(({ message, pos }) => ({
      file,
      line: lines.linePos(pos[0]).line,
      problem: message.split('\n')[0] ?? '',
      problemZh: `不是有效的 YAML：${message.split('\n')[0] ?? ''}`,
    }));
    return { ok: false, problems };
  }
  const { json, problem } = valueOf(parsed);
  if (problem !== undefined) return { ok: false, problems: [{ file, problem, problemZh: `无法读取：${problem}` }] };
  const { document, problems: found } = checkRules(json, world, now);
  const problems = found.filter(({ code }) => !BY_TIME.has(code));
  if (document !== undefined && problems.length === 0) return { ok: true, document };
  return {
    ok: false,
    problems: problems.map(({ pointer, rule, detail, detailZh = detail }) => {
      const where = pointer.replace(/^\/rules\/\d+/, '');
      return {
        file,
        ...lineOf(parsed, lines, pointer),
        problem: `${rule === undefined ? '' : `rule ${rule}: `}${where || 'it'}: ${detail}`,
        problemZh: `${rule === undefined ? '' : `规则 ${rule}：`}${where === '' ? '' : `${where}：`}${detailZh}`,
      };
    }),
  };
};

/** Aliases that multiply each other are refused by the reader: a file of a kilobyte must not fill the memory. */
const valueOf = (parsed: Document.Parsed): { readonly json?: unknown; readonly problem?: string } => {
  try {
    return { json: parsed.toJS() as unknown };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
};

/** Where the value stands, or the nearest thing around it that is there. */
const lineOf = (parsed: Document.Parsed, lines: LineCounter, pointer: string): { readonly line?: number } => {
  const path = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  for (; path.length > 0; path.pop()) {
    const node: unknown = parsed.getIn(path, true);
    const range =
      typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range) ? (node.range as number[]) : undefined;
    if (range?.[0] !== undefined) return { line: lines.linePos(range[0]).line };
  }
  return {};
};
