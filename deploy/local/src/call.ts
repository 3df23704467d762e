import { parseArgs, type ParseArgsConfig } from 'node:util';
import { describe } from './errors.js';

/** A mistake of the caller, answered with its text alone. */
export class Misuse extends Error {
  override readonly name = 'Misuse';
}

/** Options and words of a call. @throws Misuse for an option that isn't among them, or that lacks its value */
export function readArguments<const C extends ParseArgsConfig>(args: readonly string[], config: C) {
  try {
    return parseArgs({ ...config, args: [...args] });
  } catch (error) {
    throw new Misuse(describe(error));
  }
}

/** The options of a call that has nothing else. @throws Misuse */
export const optionsOf = <const O extends NonNullable<ParseArgsConfig['options']>>(args: readonly string[], options: O) =>
  readArguments(args, { options }).values;

/** @throws Misuse */
export function wholeNumber(option: string, text: string, least: number, most?: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number >= least && number <= (most ?? number)) return number;
  throw new Misuse(`${option} ${text} is not a whole number from ${least} ${most === undefined ? 'on' : `to ${most}`}`);
}

/** @throws Misuse */
export function misused(message: string): never {
  throw new Misuse(message);
}
