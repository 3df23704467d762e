import type { RatingV1 } from '@paidan/contracts';
import type { LocalKeys } from '@paidan/local';
import { type Answer, type Call, call as ordinaryCall, isRecord, problemOf, textOf } from '../city/api.js';
import { hesitation, ratingFor, readsInSilence, verdictOf } from './citizen-conduct.js';
import type { Complain } from '../city/log.js';
import type { Notebook } from '../city/notebook.js';
import { type Agenda, type CityTime, HOUR } from '../city/time.js';
import { Turns } from '../city/turns.js';

const AT_ONCE = 8;
/** Who is too early tries again so often, and gives up in the end. */
const LOOKS = 20;

export interface Surroundings {
  readonly seed: number;
  readonly time: CityTime;
  readonly agenda: Agenda;
  readonly notebook: Notebook;
  readonly keys: LocalKeys;
  readonly complain: Complain;
}

/** A citizen's ticket, with what it takes to ask for it. */
interface Own {
  readonly ticketId: string;
  readonly number: string;
  readonly queryCode: string;
  readonly channel: string;
  readonly row: number;
}

/**
 * Those who wrote. Who is told by the channel itself judges there, and the channel's adapter hands the rating in with its key; the others ask for their
 * ticket by its number and query code once they have word that there is an answer, and rate it by the same.
 */
export class Citizens {
  /** Replies read by number and query code. */
  looked = 0;
  private readonly turns = new Turns(AT_ONCE);
  private readonly told = new Set<string>();

  constructor(
    private readonly feedback: string,
    private readonly around: Surroundings,
    private readonly call: Call = ordinaryCall,
  ) {}

  get areBusy(): boolean {
    return !this.turns.isIdle;
  }

  /** The channel has shown the reply to its citizen. */
  wasPushed(ticketId: string, round: number): void {
    this.hear(ticketId, round, (own, rating) => (rating === undefined ? undefined : () => this.rateAtChannel(own, rating)));
  }

  /** Somebody has told the citizen that there is an answer to be looked up. */
  hasWord(ticketId: string, round: number): void {
    const { seed } = this.around;
    this.hear(ticketId, round, (own, rating) =>
      rating === undefined && !readsInSilence(seed, own.row, round) ? undefined : () => this.look(own, round, rating),
    );
  }

  private hear(ticketId: string, round: number, what: (own: Own, rating: RatingV1 | undefined) => (() => Promise<void>) | undefined): void {
    const { seed, time, agenda, notebook } = this.around;
    const entry = notebook.entryOf(ticketId);
    if (entry?.outcome?.kind !== 'accepted' || this.told.has(`${ticketId}/${round}`)) return;
    this.told.add(`${ticketId}/${round}`);
    const { number, queryCode } = entry.outcome;
    const { channel, message } = entry.appeal;
    const { row } = message;
    const verdict = verdictOf(seed, row, round, !time.paced);
    const act = what(
      { ticketId, number, queryCode, channel, row },
      verdict === 'silent' ? undefined : ratingFor(seed, row, round, verdict),
    );
    if (act !== undefined)
      agenda.at(time.now() + (time.paced ? hesitation(seed, row, round) : 0), () => this.turns.take(() => this.careful(act)));
  }

  private async careful(act: () => Promise<void>): Promise<void> {
    await act().catch((error: Error) => this.around.complain(`a citizen got no answer: ${error.message}`));
  }

  private async rateAtChannel(own: Own, rating: RatingV1, tries = 1): Promise<void> {
    const key = await this.around.keys.localApiKey(own.channel);
    const answer = await this.call(`${this.feedback}/v1/tickets/${own.ticketId}/ratings`, { 'x-api-key': key }, rating);
    // The citizen can be faster than the word that the channel has taken the reply.
    if (problemOf(answer).reason === 'not-answered-yet' && tries < LOOKS)
      this.again(tries, () => this.rateAtChannel(own, rating, tries + 1));
    else this.took(own, answer);
  }

  private async look(own: Own, round: number, rating: RatingV1 | undefined, tries = 1): Promise<void> {
    const { number, queryCode } = own;
    const answer = await this.call(`${this.feedback}/v1/tracking`, {}, { number, queryCode });
    const reply = isRecord(answer.body['reply']) ? answer.body['reply'] : undefined;
    if (answer.status === 200 && Number(reply?.['round']) >= round && textOf(reply?.['text']) !== '') {
      this.looked += 1;
      if (rating !== undefined)
        this.took(own, await this.call(`${this.feedback}/v1/tracking/ratings`, {}, { number, queryCode, ...rating }));
    } else if (answer.status === 200 && tries < LOOKS) {
      this.again(tries, () => this.look(own, round, rating, tries + 1));
    } else {
      const { reason } = problemOf(answer);
      this.around.complain(`the citizen of ticket ${own.ticketId} asked for reply ${round} and was answered ${answer.status} ${reason}`);
    }
  }

  private again(tries: number, act: () => Promise<void>): void {
    const { time, agenda } = this.around;
    agenda.at(time.now() + (time.paced ? HOUR : 500) * tries, () => this.turns.take(() => this.careful(act)));
  }

  private took({ ticketId }: Own, answer: Answer): void {
    if (answer.status < 300) return;
    const { reason, detail } = problemOf(answer);
    this.around.complain(`the rating of ticket ${ticketId} was answered ${answer.status}: ${reason}${detail === '' ? '' : `, ${detail}`}`);
  }
}
