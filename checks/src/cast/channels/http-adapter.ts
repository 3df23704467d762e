import type { LocalKeys } from '@paidan/local';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Call, call as ordinaryCall, problemOf, textOf } from '../city/api.js';
import type { Arrivals } from './arrivals.js';
import type { Complain } from '../city/log.js';
import { type Entry, NO_ANSWER, type Notebook } from '../city/notebook.js';

/** As many as a busy web site has open to the desk. */
const CONNECTIONS = 16;

/** Channels that hand in over HTTP, each with its own key. */
export class HttpAdapters {
  private constructor(
    private readonly intake: string,
    private readonly keys: ReadonlyMap<string, string>,
    private readonly notebook: Notebook,
    private readonly complain: Complain,
    private readonly call: Call,
  ) {}

  static async open(
    intake: string,
    channels: readonly string[],
    keys: LocalKeys,
    notebook: Notebook,
    complain: Complain,
    call: Call = ordinaryCall,
  ): Promise<HttpAdapters> {
    const known = new Map<string, string>();
    // One after the other: they are kept in one file.
    for (const channel of channels) known.set(channel, await keys.localApiKey(channel));
    for (const key of known.values()) await untilKnown(intake, key, call);
    return new HttpAdapters(intake, known, notebook, complain, call);
  }

  /** Hands in everything, in order, over 16 connections, nothing before its time. */
  async run(entries: readonly Entry[], comes: Arrivals, signal: AbortSignal): Promise<void> {
    const queue = entries.values();
    await Promise.all(
      Array.from({ length: CONNECTIONS }, async () => {
        for (const entry of queue) {
          await comes.untilItIsTime(entry, signal);
          if (signal.aborted) return;
          await this.handIn(entry);
        }
      }),
    );
  }

  private async handIn(entry: Entry): Promise<void> {
    const { appeal } = entry;
    this.notebook.handedIn(entry);
    try {
      const key = this.keys.get(appeal.channel) ?? '';
      const answer = await this.call(`${this.intake}/v1/submissions`, { 'x-api-key': key }, appeal.submission);
      const { status, body } = answer;
      if (status === 201 || status === 200) {
        this.notebook.accept(entry, textOf(body['ticketId']), textOf(body['number']), textOf(body['queryCode']));
      } else {
        if (status >= 500) this.complain(`intake answered ${status} to row ${appeal.message.row}`);
        this.notebook.settle(entry, { kind: 'refused', ...problemOf(answer) });
      }
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      this.complain(`row ${appeal.message.row} got no answer: ${detail}`);
      this.notebook.settle(entry, { kind: 'refused', reason: NO_ANSWER, detail });
    }
  }
}

/** A new key takes intake up to two seconds to see. Asking for a ticket that nobody has tells whether it has. */
async function untilKnown(intake: string, key: string, call: Call): Promise<void> {
  const until = Date.now() + 10_000;
  for (;;) {
    const answer = await call(`${intake}/v1/tickets/${randomUUID()}`, { 'x-api-key': key });
    if (answer.status === 404) return;
    if (Date.now() > until) {
      throw new Error(
        `intake at ${intake} does not take the API key of this machine's adapter: ${answer.status} ${problemOf(answer).reason}`,
      );
    }
    await delay(200);
  }
}
