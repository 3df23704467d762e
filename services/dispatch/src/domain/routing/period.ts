/** When something is in force: from the first instant up to the second, which is not part of it; an end that is left out is open. Epoch ms. */
export interface Period {
  readonly from?: number;
  readonly until?: number;
}

export const isWithin = ({ from = -Infinity, until = Infinity }: Period, at: number): boolean => from <= at && at < until;

export const overlap = (a: Period, b: Period): boolean =>
  (a.from ?? -Infinity) < (b.until ?? Infinity) && (b.from ?? -Infinity) < (a.until ?? Infinity);
