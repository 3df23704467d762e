import type { LabelCodes } from '../../domain/classifier/blend-matters.js';
import { filesOfFolder, type CityProblem } from './city-files.js';
import { wordsOf } from './reporter.js';
import { readTable } from './table.js';

/**
 * Reads `labels.csv`: which topics and matters a label of the training data stands for. A city without a classifier may do without the file;
 * whoever wants one asks for it here.
 * @param known codes of the city's topics and matters
 */
export const readLabelCodes = async (
  folder: string,
  known: { readonly topics: ReadonlySet<string>; readonly matters: ReadonlySet<string> },
  problems: CityProblem[],
): Promise<LabelCodes> => {
  const table = await readTable(filesOfFolder(folder), 'labels', { needed: ['label', 'codes'] }, problems);
  const { file, rows } = table ?? { file: 'labels.csv', rows: [] };
  const labels = new Map<string, readonly string[]>();
  for (const { line, cells } of rows) {
    const codes = wordsOf(cells.codes);
    if (cells.label === '') problems.push({ file, line, problem: 'has no label', problemZh: '没有标签' });
    if (labels.has(cells.label))
      problems.push({
        file,
        line,
        problem: `label ${cells.label} is on a line above already`,
        problemZh: `标签 ${cells.label} 与前面的行重复`,
      });
    if (codes.length === 0) problems.push({ file, line, problem: 'has no code', problemZh: '没有代码' });
    for (const code of codes)
      if (!known.topics.has(code) && !known.matters.has(code))
        problems.push({ file, line, problem: `${code} is no topic and no matter`, problemZh: `${code} 既不是类别也不是事项` });
    labels.set(cells.label, codes);
  }
  return labels;
};
