import type { RuleSetV1 } from '@paidan/contracts';
import type { LabelCodes } from '../domain/classifier/blend-matters.js';
import { classifierOf, type Classifier } from '../domain/classifier/classifier.js';
import { rememberingLast } from '../domain/classifier/remember-last.js';
import type { Guides } from '../domain/routing/decision.js';
import type { Directory } from '../domain/routing/directory.js';
import { topicGuideOf } from '../domain/routing/topics.js';
import { BY_TIME } from '../domain/rules/problems.js';
import { dispatchError } from '../errors.js';
import { decodeModel } from '../model-file.js';
import type { ActiveRules } from './active-rules.js';
import { requireKnownLabels, type ActiveTopics } from './active-topics.js';
import type { Guiding } from './simulate.js';

/** What may be tried: rules, a model, or both. */
export interface Draft {
  readonly rules?: { readonly document: RuleSetV1; readonly isKept: boolean } | undefined;
  readonly model?: Uint8Array | undefined;
}

export interface DraftGuidesOptions {
  readonly directory: () => Directory;
  readonly rules: ActiveRules;
  readonly topics: ActiveTopics | undefined;
  /** What labels stand for under that directory; undefined for a city without such a table. */
  readonly codes: ((directory: Directory) => Promise<LabelCodes>) | undefined;
}

/** Puts a draft beside what is in force, and in force nowhere. */
export class DraftGuides {
  constructor(private readonly options: DraftGuidesOptions) {}

  /** @throws PaidanError `rule-set-invalid` as publishing it would; `draft-model-invalid` as the file would be refused */
  async try({ rules: draft, model }: Draft): Promise<Guiding> {
    const { rules } = this.options;
    const directory = this.options.directory();
    const inForce = this.options.topics?.inForce;
    // Each text is decided twice, one time after the other: what reads it is asked once.
    const now = inForce && { ...inForce, classifier: rememberingLast(inForce.classifier) };
    const next = model === undefined ? now : await this.#read(model, directory);
    const guides = (used: typeof now, compiled: Guides['rules']): Guides => ({
      directory,
      rules: compiled,
      topics: used && topicGuideOf(used.classifier, used.codes, directory),
    });
    // That a rule of a kept set has ended hinders nobody from going back to it.
    const compiled = draft === undefined ? rules.rules : rules.compile(draft.document, draft.isKept ? BY_TIME : undefined);
    return { before: guides(now, rules.rules), after: guides(next, compiled) };
  }

  async #read(bytes: Uint8Array, directory: Directory): Promise<{ readonly classifier: Classifier; readonly codes: LabelCodes }> {
    const { codes: tableOf } = this.options;
    if (tableOf === undefined)
      throw dispatchError('draft-model-invalid', 'this city has no labels.csv, which says what the labels of a model stand for');
    try {
      const { model } = decodeModel(bytes, 'the draft');
      const codes = await tableOf(directory);
      requireKnownLabels(model.labels, codes, 'the draft');
      return { classifier: classifierOf(model), codes };
    } catch (error) {
      if (!dispatchError.is(error)) throw error;
      throw dispatchError('draft-model-invalid', error.message, { cause: error });
    }
  }
}
