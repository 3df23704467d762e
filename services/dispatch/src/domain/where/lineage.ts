import { LEVELS, type Area, type Directory } from '../routing/directory.js';

type Lineages = Pick<Directory, 'lineages'>;

/** How small an area is: the larger the number, the smaller it is. */
export const depthOf = ({ level }: Area): number => LEVELS.indexOf(level);

/** An area and what it lies in, smallest first. */
export const lineageOf = ({ lineages }: Lineages, area: Area): readonly Area[] => lineages.get(area.code) ?? [area];

/** Whether an area is the other or lies in it. */
export const liesIn = (directory: Lineages, inner: Area, outer: Area): boolean => lineageOf(directory, inner).includes(outer);

/** Whether one of two areas lies in the other. */
export const onOneLine = (directory: Lineages, a: Area, b: Area): boolean => liesIn(directory, a, b) || liesIn(directory, b, a);

/** The smallest area that all lie in. */
export const commonArea = (directory: Lineages, [first, ...others]: readonly Area[]): Area | undefined =>
  first === undefined ? undefined : lineageOf(directory, first).find((area) => others.every((other) => liesIn(directory, other, area)));
