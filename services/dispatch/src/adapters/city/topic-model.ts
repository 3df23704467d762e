import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ModelShelf } from '../../application/active-topics.js';
import type { LabelCodes } from '../../domain/classifier/blend-matters.js';
import type { Directory } from '../../domain/routing/directory.js';
import { dispatchError } from '../../errors.js';
import { cityInvalid, type CityProblem } from './city-files.js';
import { readLabelCodes } from './label-codes.js';

/**
 * A model that lies in a file, and the city's `labels.csv`.
 * @throws PaidanError `model-unreadable` when the file is not there, `city-invalid` for a wrong table
 */
export const modelFile = (file: string, cityDir: string): ModelShelf => {
  const unreadable = (cause: unknown): never => {
    throw dispatchError('model-unreadable', `${file} can't be read`, { cause });
  };
  return {
    name: basename(file),
    stamp: async () => {
      const { mtimeMs, size, ino } = await stat(file).catch(unreadable);
      return `${mtimeMs} ${size} ${ino}`;
    },
    read: () => readFile(file).catch(unreadable),
    codes: (directory) => labelsOfCity(cityDir, directory),
  };
};

/** `labels.csv` of the city's folder. @throws PaidanError `city-invalid` for a wrong table */
export const labelsOfCity = async (cityDir: string, { topics, matterByCode }: Directory): Promise<LabelCodes> => {
  const problems: CityProblem[] = [];
  const known = { topics: new Set(topics.map(({ code }) => code)), matters: new Set(matterByCode.keys()) };
  const codes = await readLabelCodes(cityDir, known, problems);
  if (problems.length > 0) throw cityInvalid(cityDir, problems);
  return codes;
};
