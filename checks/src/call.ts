import { parseArgs, type ParseArgsConfig } from 'node:util';
import { Misuse } from './misuse.js';

/** The options of a call. @throws Misuse for one that isn't among them, or that lacks its value */
export function optionsOf<O extends NonNullable<ParseArgsConfig['options']>>(args: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new Misuse(error instanceof Error ? error.message : String(error));
  }
}

/** @throws Misuse */
export function wholeNumber(option: string, text: string, least: number, most?: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number >= least && number <= (most ?? number)) return number;
  throw new Misuse(`${option} ${text} is not a whole number from ${least} ${most === undefined ? 'on' : `to ${most}`}`);
}
