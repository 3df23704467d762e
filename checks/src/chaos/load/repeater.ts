import { submissionsTopic } from '@paidan/contracts';
import type { LocalKeys } from '@paidan/local';
import type { Call } from '../../cast/city/api.js';
import { chance } from '../../cast/city/chance.js';
import type { Complain, LogWriter } from '../../cast/city/log.js';
import type { Entry, Notebook } from '../../cast/city/notebook.js';
import { Turns } from '../../cast/city/turns.js';
import { otherThan } from './town.js';

/** Shares of accepted submissions that are handed in once more, or under the same id with another text. */
const AGAIN = 0.06;
const OTHERWISE = 0.03;
const AT_ONCE = 4;
/** Real milliseconds after the answer, at the latest. */
const LATEST = 10_000;

/** Adapters that aren't sure whether they were answered, and some that give an id away twice. */
export class Repeater {
  repeated = 0;
  conflicting = 0;
  private readonly turns = new Turns(AT_ONCE);
  private readonly pending = new Set<NodeJS.Timeout>();

  constructor(
    private readonly intake: string,
    private readonly around: {
      readonly seed: number;
      readonly keys: LocalKeys;
      readonly notebook: Notebook;
      readonly writer: LogWriter;
      readonly call: Call;
      readonly complain: Complain;
    },
  ) {
    const { notebook, seed } = around;
    notebook.onAccepted((ticketId) => {
      const entry = notebook.entryOf(ticketId);
      if (entry === undefined) return;
      const share = chance(seed, 'again', entry.appeal.message.row);
      if (share >= AGAIN + OTHERWISE) return;
      const timer = setTimeout(
        () => {
          this.pending.delete(timer);
          this.turns.take(() => this.handIn(entry, share >= AGAIN));
        },
        chance(seed, 'again-after', entry.appeal.message.row) * LATEST,
      );
      this.pending.add(timer);
    });
  }

  get isIdle(): boolean {
    return this.turns.isIdle && this.pending.size === 0;
  }

  private async handIn({ appeal }: Entry, otherwise: boolean): Promise<void> {
    const { keys, writer, call, complain } = this.around;
    const { channel, way } = appeal;
    const submission = otherwise ? otherThan(appeal.submission) : appeal.submission;
    if (otherwise) this.conflicting += 1;
    else this.repeated += 1;
    if (way === 'kafka') return writer.write(submissionsTopic(channel), submission.externalId, submission);
    await call(`${this.intake}/v1/submissions`, { 'x-api-key': await keys.localApiKey(channel) }, submission).catch((error: Error) =>
      complain(`a repeated submission got no answer: ${error.message}`),
    );
  }
}
