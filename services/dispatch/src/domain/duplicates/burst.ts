/** When many people speak of one thing at once (群体性). */
export interface BurstPolicy {
  /** More than so many different persons raise it. */
  readonly persons: number;
  /** Within so many milliseconds. */
  readonly withinMs: number;
  /** It is over once no more than so many persons are left in the window; below `persons`, or each voice around the limit would raise it anew. */
  readonly calm: number;
}

/** One person heard. */
export interface Voice {
  /** An opaque key, the same for the same person. Who gave no name is a person of their own each time: the ticket's id stands for them. */
  readonly person: string;
  /** Epoch ms at which the person spoke. */
  readonly at: number;
  readonly ticketId: string;
}

/** What is remembered of one area and matter, or of one cluster; at most {@link BurstPolicy.persons} + 1 voices, whatever comes. */
export interface Burst {
  /** The newest voice of each of the last persons, the newest first. */
  readonly voices: readonly Voice[];
  /** Epoch ms of the voice that raised the alert which still stands. */
  readonly raisedAt?: number;
}

/** The signal; who hears of it is not decided here. */
export interface GroupAlert {
  readonly at: number;
  readonly persons: number;
  readonly ticketIds: readonly string[];
}

export const QUIET: Burst = { voices: [] };

/** @throws RangeError naming what is wrong */
export const checkBurstPolicy = ({ persons, withinMs, calm }: BurstPolicy): void => {
  if (!Number.isInteger(persons) || persons < 1)
    throw new RangeError(`a burst takes more than a whole number of persons from 1, not ${persons}`);
  if (!(withinMs > 0)) throw new RangeError(`a burst's window is longer than 0 ms, not ${withinMs}`);
  if (!Number.isInteger(calm) || calm < 0 || calm >= persons)
    throw new RangeError(`a burst is over at a whole number of persons from 0 and below ${persons}, not ${calm}`);
};

/** Newest first; of one instant, in an order that doesn't depend on who was heard first. */
const order = (a: Voice, b: Voice): number => b.at - a.at || (a.person < b.person ? -1 : a.person > b.person ? 1 : 0);

/**
 * Hears one more voice. The window ends with the newest voice, not with a clock, so that a log read late or from its beginning raises what it raised at the
 * time; a voice that comes later than a whole window counts for nothing.
 */
export const hear = (burst: Burst, voice: Voice, policy: BurstPolicy): { readonly burst: Burst; readonly alert?: GroupAlert } => {
  const newest = Math.max(voice.at, burst.voices[0]?.at ?? voice.at);
  const since = newest - policy.withinMs;
  const still = burst.voices.filter(({ at }) => at > since);
  // Judged before the new voice is counted: the first one after a silence finds it over, and may be the first of the next.
  const raisedAt = still.length <= policy.calm ? undefined : burst.raisedAt;
  const earlier = still.find(({ person }) => person === voice.person);
  const spoken = voice.at > since && (earlier === undefined || earlier.at < voice.at) ? [voice] : [];
  const others = spoken.length === 0 ? still : still.filter((one) => one !== earlier);
  const voices = [...others, ...spoken].sort(order).slice(0, policy.persons + 1);

  if (raisedAt !== undefined) return { burst: { voices, raisedAt } };
  if (voices.length <= policy.persons) return { burst: { voices } };
  return {
    burst: { voices, raisedAt: newest },
    alert: { at: newest, persons: voices.length, ticketIds: voices.map(({ ticketId }) => ticketId) },
  };
};
