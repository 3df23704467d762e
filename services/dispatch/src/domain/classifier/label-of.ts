import type { LabelCodes } from './blend-matters.js';

/** The one label that stands for a matter, by its own code before its topic's; undefined where there is none, or more than one. */
export const labelOf = (codes: LabelCodes, matter: string): string | undefined => {
  const bearing = (code: string): string[] => [...codes].filter(([, own]) => own.includes(code)).map(([label]) => label);
  const own = bearing(matter);
  const labels = own.length > 0 ? own : bearing(matter.slice(0, 2));
  return labels.length === 1 ? labels[0] : undefined;
};
