import type { Directory, Handler, Matter } from './directory.js';

/** 条线: what one bureau answers for, and who of the front line takes what is urgent in it at once. */
export interface System {
  readonly code: string;
  readonly name: string;
  readonly english: string;
  /** Gets a copy of what goes past it. */
  readonly bureau: string;
  /** Matters, and topics for all their matters. */
  readonly matters: readonly string[];
  /** Tried in this order: the first that is there for the place and may have the appeal gets it. */
  readonly frontLine: readonly FrontLine[];
}
export type FrontLine = Extract<Handler, { by: 'unit' | 'street' | 'district' }>;

/** By matter or topic; no two systems may have the same. */
export const indexSystems = (systems: readonly System[]): ReadonlyMap<string, System> =>
  new Map(systems.flatMap((system) => system.matters.map((subject) => [subject, system])));

/** The system of a matter; one that has the matter itself before one that has its topic. */
export const systemOf = ({ systems }: Pick<Directory, 'systems'>, { code, topic }: Matter): System | undefined =>
  systems.get(code) ?? systems.get(code.slice(0, 4)) ?? systems.get(topic);
