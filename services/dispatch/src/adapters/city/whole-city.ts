import { cityInvalid } from './city-files.js';
import { loadCity } from './load-city.js';
import { loadRules } from './load-rules.js';
import { labelsOfCity } from './topic-model.js';
import type { LabelCodes } from '../../domain/classifier/blend-matters.js';
import { indexDirectory, type Directory } from '../../domain/routing/directory.js';
import { compileRules, type CompiledRules } from '../../domain/rules/compile.js';

/** A city's folder as dispatch would take it, ready to decide by without a service. */
export interface WholeCity {
  readonly directory: Directory;
  readonly codes: LabelCodes;
  readonly rules: CompiledRules | undefined;
}

/** @throws PaidanError `city-invalid` */
export async function readWholeCity(folder: string, now: number): Promise<WholeCity> {
  const loaded = await loadCity(folder);
  if (!loaded.ok) throw cityInvalid(folder, loaded.problems);
  const directory = indexDirectory({ ...loaded.city, version: 1 });
  const ruleSet = await loadRules(folder, { directory, mailboxes: directory.mailboxes }, now);
  if (ruleSet?.ok === false) throw cityInvalid(folder, ruleSet.problems);
  return {
    directory,
    codes: await labelsOfCity(folder, directory),
    rules: ruleSet && compileRules(ruleSet.document, { directory }),
  };
}
