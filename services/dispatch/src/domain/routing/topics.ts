import type { Candidate, Reason } from '@paidan/contracts';
import { matterBlender, matterProbabilities, type LabelCodes } from '../classifier/blend-matters.js';
import type { Classifier } from '../classifier/classifier.js';
import { roundScore } from './candidates.js';
import { responsibleFor } from './responsibilities.js';
import type { Area, Directory } from './directory.js';
import type { ScoredMatter } from './matter-scores.js';

/** What the model of topics says of one appeal. */
export interface TopicView {
  /** The catalogue's matters again, moved by what the model takes the appeal for. */
  readonly ranked: readonly ScoredMatter[];
  /** With the phrases that weighed most: asked for only where it is to be told. */
  reason(): Reason;
  /** Units that lead most of the topic's matters: where no word of the catalogue is in the text, a person may begin with them. */
  proposals(area: Area | undefined, at: number): readonly Candidate[];
}

/** Reads an appeal with the city's model. */
export type TopicGuide = (title: string, text: string, ranked: readonly ScoredMatter[]) => TopicView;

const PHRASES = 5;
const PROPOSALS = 3;
/** What of a phrase a reason has room for. */
const PHRASE_LENGTH = 60;

export const topicGuideOf = (classifier: Classifier, codes: LabelCodes, directory: Directory): TopicGuide => {
  const { matters } = directory;
  const blend = matterBlender(matters, classifier.labels, codes);
  const { labelsOf } = matterProbabilities(matters, classifier.labels, codes);
  return (title, text, words) => {
    const whole = `${title}\n${text}`;
    const { label, confidence, probabilities } = classifier.classify(whole);
    const own = classifier.labels.indexOf(label);
    return {
      ranked: blend(words, probabilities),
      reason: () => ({
        code: 'classifier',
        score: roundScore(confidence),
        words: classifier.phrases(whole, label, PHRASES).map((phrase) => phrase.text.slice(0, PHRASE_LENGTH).toWellFormed()),
        note: label,
      }),
      proposals: (area, at) => {
        const fitting = matters.filter((matter) => labelsOf(matter).includes(own));
        const led = new Map<string, number>();
        for (const matter of fitting) {
          const { lead } = responsibleFor(directory, matter, area, at);
          if (lead.by === 'unit') led.set(lead.unit, (led.get(lead.unit) ?? 0) + 1);
        }
        return [...led]
          .sort(([a, first], [b, second]) => second - first || (a < b ? -1 : 1))
          .slice(0, PROPOSALS)
          .map(([unit, times]) => ({ unit, score: roundScore((confidence * times) / fitting.length) }));
      },
    };
  };
};
