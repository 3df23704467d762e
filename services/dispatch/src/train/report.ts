import type { Scores } from '../domain/classifier/scores.js';
import type { Figures, Speed } from './run.js';

const percent = (part: number): string => `${(part * 100).toFixed(1)} %`;
/** Chinese characters take two columns of a terminal. */
const widthOf = (text: string): number => [...text].reduce((sum, letter) => sum + ((letter.codePointAt(0) ?? 0) > 0x2e80 ? 2 : 1), 0);
const right = (text: string, width: number): string => ' '.repeat(Math.max(0, width - widthOf(text))) + text;
const left = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));

const labelTable = ({ labels, confusion }: Scores): readonly string[] => {
  const first = Math.max(...labels.map(({ label }) => widthOf(label)), 5) + 2;
  const heading = ['messages', 'precision', 'recall', 'F1', '|', ...labels.map((_, at) => `→${at + 1}`)];
  const line = (name: string, cells: readonly string[]): string =>
    left(name, first) + cells.map((cell, at) => right(cell, at < 4 ? 10 : 5)).join('');
  return [
    line('label', heading),
    ...labels.map(({ label, count, precision, recall, f1 }, row) =>
      line(`${row + 1} ${label}`, [
        String(count),
        ...[precision, recall, f1].map((score) => score.toFixed(3)),
        '|',
        ...(confusion[row] ?? []).map(String),
      ]),
    ),
  ];
};

const summary = ({ macroF1, accuracy, ece, automatic, messages }: Scores): string =>
  `macro-F1 ${macroF1.toFixed(4)}, right ${percent(accuracy)} of ${messages}, calibration error ${ece.toFixed(4)}, ` +
  `automatic ${percent(automatic.share)}, of which right ${percent(automatic.precision)}`;

/** What the figures say, for a terminal. Columns →1, →2 … count what a label's messages were taken for. */
export const reportOf = (figures: Figures, speed: Speed): string => {
  const { seed, training, test, crossValidation, corrections, leftOut, grams, trainingSeconds, against, mistakes } = figures;
  const sure = mistakes.filter(({ confidence }) => confidence >= test.automatic.threshold);
  return [
    `${training} messages to learn from, ${test.messages} to be tested with, seed ${seed}`,
    ...(corrections > 0 ? [`${corrections} corrections`] : []),
    ...(leftOut > 0 ? [`${leftOut} rows not learnt from: the test side has nearly the same text`] : []),
    '',
    ...labelTable(test),
    '',
    `test side         ${summary(test)}`,
    `cross-validation  ${summary(crossValidation)}`,
    `(calibration error: 15 equal bins of the decided label's probability; threshold ${test.automatic.threshold.toFixed(4)} from cross-validation)`,
    ...(against === undefined ? [] : [`${against.name} on the same test side: macro-F1 ${against.macroF1.toFixed(4)}`]),
    ...(sure.length === 0
      ? []
      : [`surest mistakes, by line: ${sure.map((each) => `${each.line} (${each.label}, decided ${each.decided})`).join(', ')}`]),
    `${grams} n-grams, learnt in ${trainingSeconds.toFixed(1)} s; ${speed.messagesPerSecond} messages/s on one core, ` +
      `${speed.explainedPerSecond} with the phrases that weighed most`,
    '',
  ].join('\n');
};
