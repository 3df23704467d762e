import type { Logged } from './books/books.js';
import { shown, type Finding } from './ledger/finding.js';

/** So many tickets are told in full; what went wrong with one mostly went wrong with the others. */
const TOLD = 3;

export interface ToldStory {
  readonly ticketId: string;
  /** One line for each word of the log, in its order. */
  readonly lines: readonly string[];
}

/** The whole stories of the first tickets that a finding names: nothing else of a run is there when it has ended. */
export function storiesOf(
  findings: readonly Pick<Finding, 'ticketId'>[],
  stories: ReadonlyMap<string, readonly Logged[]>,
): readonly ToldStory[] {
  const named = [...new Set(findings.flatMap(({ ticketId }) => ticketId ?? []))].slice(0, TOLD);
  return named.map((ticketId) => ({
    ticketId,
    lines: (stories.get(ticketId) ?? []).map((event) => `${shown(event)} ${JSON.stringify(event.payload)}`),
  }));
}
