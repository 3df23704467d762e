import { automaticAt, calibrationError, scoresOf } from './scores.js';

describe('scores', () => {
  it('are those counted by hand', () => {
    const scores = scoresOf(
      ['a', 'b'],
      [0, 0, 0, 1],
      [
        [0.9, 0.1],
        [0.6, 0.4],
        [0.2, 0.8],
        [0.3, 0.7],
      ],
      0.75,
    );
    expect(scores.confusion).toEqual([
      [2, 1],
      [0, 1],
    ]);
    expect(scores.labels[0]).toEqual({ label: 'a', count: 3, precision: 1, recall: 2 / 3, f1: 0.8 });
    expect(scores.labels[1]).toEqual({ label: 'b', count: 1, precision: 0.5, recall: 1, f1: 2 / 3 });
    expect(scores.macroF1).toBeCloseTo((0.8 + 2 / 3) / 2);
    expect(scores.accuracy).toBe(0.75);
    expect(scores.automatic).toEqual({ threshold: 0.75, share: 0.5, precision: 0.5 });
  });

  it('know a label that is never decided', () => {
    expect(
      scoresOf(
        ['a', 'b'],
        [0, 1],
        [
          [1, 0],
          [1, 0],
        ],
        2,
      ),
    ).toMatchObject({
      labels: [{ f1: 2 / 3 }, { precision: 0, recall: 0, f1: 0 }],
      automatic: { share: 0, precision: 1 },
    });
  });
});

describe('the calibration error', () => {
  it('is 0 where as many are right as was said', () => {
    const judged = Array.from({ length: 100 }, (_, at) => ({ confidence: 0.8, right: at < 80 }));
    expect(calibrationError(judged)).toBeCloseTo(0);
  });

  it('weighs each bin by its messages', () => {
    const sure = Array.from({ length: 30 }, () => ({ confidence: 1, right: true }));
    const wrong = Array.from({ length: 10 }, () => ({ confidence: 0.6, right: false }));
    expect(calibrationError([...sure, ...wrong])).toBeCloseTo(0.15);
    expect(calibrationError([])).toBe(0);
  });
});

it('what is decided automatically is what reaches the threshold', () => {
  expect(
    automaticAt(
      [
        { confidence: 0.9, right: true },
        { confidence: 0.9, right: false },
        { confidence: 0.5, right: true },
      ],
      0.9,
    ),
  ).toEqual({
    threshold: 0.9,
    share: 2 / 3,
    precision: 0.5,
  });
});
