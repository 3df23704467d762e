import type { Log } from '@paidan/runtime';
import type { LabelCodes } from '../domain/classifier/blend-matters.js';
import { classifierOf, type Classifier } from '../domain/classifier/classifier.js';
import type { Directory } from '../domain/routing/directory.js';
import { topicGuideOf, type TopicGuide } from '../domain/routing/topics.js';
import { dispatchError } from '../errors.js';
import { decodeModel } from '../model-file.js';
import { lookAgain } from './look-again.js';

/** Where the model lies. */
export interface ModelShelf {
  readonly name: string;
  /** Changes when the file does. */
  stamp(): Promise<string>;
  read(): Promise<Uint8Array>;
  /** Which codes of that directory a label of the model stands for. */
  codes(directory: Directory): Promise<LabelCodes>;
}

export interface ActiveTopicsOptions {
  readonly shelf: ModelShelf;
  readonly directory: () => Directory;
  readonly log: Log;
  readonly pollMs: number;
}

/** A model, and what its labels stand for. */
export interface ModelInForce {
  readonly classifier: Classifier;
  readonly codes: LabelCodes;
}

/** @throws PaidanError `label-unknown` for labels that the city's table doesn't know */
export const requireKnownLabels = (labels: readonly string[], codes: LabelCodes, name: string): void => {
  const strange = labels.filter((label) => !codes.has(label));
  if (strange.length > 0) throw dispatchError('label-unknown', `${name} has labels that labels.csv doesn’t: ${strange.join(', ')}`);
};

/**
 * The model of topics in force: the file as it was when it last could be read whole. One that is cut short, damaged, of another release, or has a label
 * that the city's table doesn't know changes nothing; the service says so until it is mended.
 */
export class ActiveTopics {
  #inForce: ModelInForce | undefined;
  #stamp = '';
  #problem: string | undefined;
  #built: { readonly directory: Directory; readonly of: ModelInForce; readonly guide: TopicGuide } | undefined;
  #stop: (() => void) | undefined;

  constructor(private readonly options: ActiveTopicsOptions) {}

  get name(): string {
    return this.options.shelf.name;
  }

  get inForce(): ModelInForce | undefined {
    return this.#inForce;
  }

  /** Why the file as it is now isn't in force. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** For decisions under that directory. */
  guideFor(directory: Directory): TopicGuide | undefined {
    const now = this.#inForce;
    if (now === undefined) return undefined;
    if (this.#built?.directory !== directory || this.#built.of !== now)
      this.#built = { directory, of: now, guide: topicGuideOf(now.classifier, now.codes, directory) };
    return this.#built.guide;
  }

  /** @throws PaidanError `model-…` where the first model can't be used */
  async open(): Promise<void> {
    await this.#load();
    this.#stop = lookAgain(this.options.pollMs, () => this.refresh(), this.options.log, 'model of topics');
  }

  close(): void {
    this.#stop?.();
  }

  /** Takes over a file that is another one than before, if it can be used. */
  async refresh(): Promise<void> {
    const { shelf, log } = this.options;
    if ((await shelf.stamp()) === this.#stamp) return;
    try {
      await this.#load();
      this.#problem = undefined;
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
      log.error({ err: error, model: shelf.name }, 'the model of topics stays the one before: this one can’t be used');
    }
  }

  async #load(): Promise<void> {
    const { shelf, directory, log } = this.options;
    this.#stamp = await shelf.stamp();
    const { model, record } = decodeModel(await shelf.read(), shelf.name);
    const codes = await shelf.codes(directory());
    requireKnownLabels(model.labels, codes, shelf.name);
    this.#inForce = { classifier: classifierOf(model), codes };
    log.info({ model: shelf.name, labels: model.labels.length, grams: model.hashes.length, record }, 'model of topics in force');
  }
}
