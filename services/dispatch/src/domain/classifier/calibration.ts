/** Turns margins into probabilities: softmax of `weights · margins + biases`. */
export interface Calibration {
  /** `weights[label * labels + from]`. */
  readonly weights: readonly number[];
  readonly biases: readonly number[];
}

/** Writes the probabilities into `out`. They sum to 1. */
export const calibrate = ({ weights, biases }: Calibration, margins: ArrayLike<number>, out: Float64Array): Float64Array => {
  const labels = biases.length;
  let most = -Infinity;
  for (let label = 0; label < labels; label++) {
    let sum = biases[label] as number;
    for (let from = 0; from < labels; from++) sum += (weights[label * labels + from] as number) * (margins[from] as number);
    out[label] = sum;
    if (sum > most) most = sum;
  }
  let all = 0;
  for (let label = 0; label < labels; label++) all += out[label] = Math.exp((out[label] as number) - most);
  for (let label = 0; label < labels; label++) out[label] = (out[label] as number) / all;
  return out;
};

const STEPS = 400;
const RATE = 0.05;
/** Keeps what one label's margin says about another near 0, where few messages say otherwise. */
const RESTRAINT = 0.002;
const [KEEP, KEEP_SQUARE, TINY] = [0.9, 0.999, 1e-8];

/**
 * Fits a calibration to margins of messages that the model was not trained with (matrix scaling with restrained off-diagonals, Kull et al. 2019):
 * least log loss, by Adam from the softmax of the margins themselves. Nothing in it is random.
 */
export const fitCalibration = (margins: readonly ArrayLike<number>[], truth: ArrayLike<number>, labels: number): Calibration => {
  const size = labels * labels + labels;
  const at = new Float64Array(size);
  for (let label = 0; label < labels; label++) at[label * labels + label] = 2;
  const [gradient, mean, square] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
  const probabilities = new Float64Array(labels);
  for (let step = 1; step <= STEPS; step++) {
    const now = calibrationAt(at, labels);
    gradient.fill(0);
    margins.forEach((own, row) => {
      calibrate(now, own, probabilities);
      for (let label = 0; label < labels; label++) {
        const error = ((probabilities[label] as number) - (truth[row] === label ? 1 : 0)) / margins.length;
        for (let from = 0; from < labels; from++)
          gradient[label * labels + from] = (gradient[label * labels + from] as number) + error * (own[from] as number);
        gradient[labels * labels + label] = (gradient[labels * labels + label] as number) + error;
      }
    });
    for (let index = 0; index < size; index++) {
      const isDiagonal = index < labels * labels && index % (labels + 1) === 0;
      const slope = (gradient[index] as number) + (isDiagonal ? 0 : RESTRAINT * (at[index] as number));
      mean[index] = KEEP * (mean[index] as number) + (1 - KEEP) * slope;
      square[index] = KEEP_SQUARE * (square[index] as number) + (1 - KEEP_SQUARE) * slope * slope;
      const [first, second] = [(mean[index] as number) / (1 - KEEP ** step), (square[index] as number) / (1 - KEEP_SQUARE ** step)];
      at[index] = (at[index] as number) - (RATE * first) / (Math.sqrt(second) + TINY);
    }
  }
  return calibrationAt(at, labels);
};

const calibrationAt = (parameters: Float64Array, labels: number): Calibration => ({
  weights: Array.from(parameters.subarray(0, labels * labels)),
  biases: Array.from(parameters.subarray(labels * labels)),
});
