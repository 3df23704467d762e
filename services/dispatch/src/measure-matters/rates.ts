import { lineOf } from '../domain/routing/candidates.js';
import { ROUTING, type Appeal, type Guides } from '../domain/routing/decision.js';
import type { Matter } from '../domain/routing/directory.js';
import { route } from '../domain/routing/first-decision.js';
import type { ScoredMatter } from '../domain/routing/matter-scores.js';
import { readAppeal } from '../domain/routing/reading.js';

/** A message whose matter a person has said. */
export interface Checked {
  readonly id: string;
  readonly title: string;
  readonly body: string;
  /** Any of these is right; the first is the better one. */
  readonly matters: readonly string[];
}

export interface Rates {
  /** Part of them whose first matter is right, or one of the first three. */
  readonly first: number;
  readonly firstThree: number;
}

export const ratesOf = (sample: readonly Checked[], ranked: (message: Checked) => readonly ScoredMatter[]): Rates => {
  const right = (most: number): number =>
    sample.filter((message) =>
      ranked(message)
        .slice(0, most)
        .some(({ matter }) => message.matters.includes(matter.code)),
    ).length / sample.length;
  return { first: right(1), firstThree: right(3) };
};

export interface AssignedRates {
  /** Part of all messages that need no person. */
  readonly assigned: number;
  /** Part of those whose lead is the one of a right matter, there where the message is from. */
  readonly rightUnit: number;
}

/** What the whole pipeline does with the messages, as help asked for on the portal. */
export const assignedOf = (sample: readonly Checked[], guides: Guides, now: number): AssignedRates => {
  const { directory } = guides;
  const known = new Map(directory.matters.map((matter) => [matter.code, matter]));
  const appealOf = ({ title, body }: Checked): Appeal => ({
    ...{ channel: 'web-portal', appealType: 'help', urgency: 'normal', confidentiality: 'open', receivedAt: now },
    ...{ title, text: body.trim() },
  });
  const isRight = (message: Checked, lead: string, matter: string | null): boolean => {
    if (matter !== null && message.matters.includes(matter)) return true;
    const { area, ranked } = readAppeal(guides, appealOf(message), now, new Map(), ROUTING);
    const leads = (right: Matter): boolean => lineOf(directory, { matter: right, score: 1 }, area, ranked, now)[0]?.unit.code === lead;
    return message.matters.flatMap((code) => known.get(code) ?? []).some(leads);
  };
  const assigned = sample.flatMap((message) => {
    const decision = route(guides, appealOf(message), now);
    return decision.kind === 'assigned' ? [isRight(message, decision.lead, decision.matter)] : [];
  });
  return { assigned: assigned.length / sample.length, rightUnit: assigned.filter(Boolean).length / assigned.length };
};
