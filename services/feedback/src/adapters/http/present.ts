import { CLOSE_REASON_WORDS, wordsFor } from '@paidan/contracts';
import { told, type Told } from '../../application/phrases.js';
import type { Progress } from '../../application/tracking-desk.js';
import type { TicketTrail } from '../../application/trail-desk.js';
import type { RatingAnswer } from '../../domain/on-rating.js';
import type { ProgressShown, RatingReceipt, TrailShown } from './shapes.js';

const iso = (at: number): string => new Date(at).toISOString();
const both = ({ en, zh }: Told): { en: string; zh: string } => ({ en, zh });

export const progressOf = ({ reply, closed, ratings, state, ...rest }: Progress): ProgressShown => {
  const { answeredAt, outcomeWords, ...text } = reply ?? {};
  return {
    ...rest,
    state: both(state),
    ...(reply === undefined
      ? {}
      : {
          reply: {
            ...reply,
            ...text,
            answeredAt: iso(answeredAt ?? 0),
            ...(outcomeWords === undefined ? {} : { outcomeWords: both(outcomeWords) }),
          },
        }),
    ratings: [...ratings],
    ...(closed === undefined ? {} : { closed: { because: closed.because, at: iso(closed.at) } }),
  };
};

const ledTo = (led: RatingAnswer['led']): Told => {
  if (led === 'reopened') return told('Thank you. The ticket is worked on again.', '感谢您的评价，工单将重新办理。');
  const why = wordsFor(CLOSE_REASON_WORDS, led);
  return told(`Thank you. The ticket is closed: ${why.en}.`, `感谢您的评价，工单已办结：${why.zh}。`);
};

export const receiptOf = (number: string, { round, rating, led }: RatingAnswer): RatingReceipt => ({
  number,
  round,
  rating,
  led,
  words: both(ledTo(led)),
});

export const trailOf = ({ ticketId, ticket, status, line, entries }: TicketTrail): TrailShown => ({
  ticketId,
  ...(ticket === undefined ? {} : { number: ticket.number }),
  status,
  line: both(line),
  entries: entries.map((entry) => ({ ...entry })),
});
