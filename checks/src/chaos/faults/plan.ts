import { SERVICES } from '@paidan/contracts';
import { memberOf } from '@paidan/kernel';
import { chance } from '../../cast/city/chance.js';

const SERVERS = ['kafka', 'postgres'] as const;
export type Target = (typeof SERVICES)[number] | (typeof SERVERS)[number];

/** What is done to a running system: by kind, whom it is done to. */
export const TARGETS = {
  /** SIGKILL, and started again. */
  kill: [...SERVICES, ...SERVERS],
  /** SIGTERM, and started again. */
  restart: SERVICES,
  /** SIGSTOP, and SIGCONT. */
  freeze: [...SERVICES, ...SERVERS],
  /** pg_terminate_backend of some connections of a service. */
  cut: SERVICES,
  /** A second process joins, and leaves in an orderly way. */
  replica: SERVICES,
  /** A second process joins, and is killed. */
  'replica-kill': SERVICES,
} as const satisfies Readonly<Record<string, readonly Target[]>>;

export type FaultKind = keyof typeof TARGETS;
export const FAULT_KINDS = Object.keys(TARGETS) as FaultKind[];
export const isKind = memberOf(FAULT_KINDS);

export interface FaultPair {
  readonly kind: FaultKind;
  readonly target: Target;
}

export const FAULT_PAIRS: readonly FaultPair[] = FAULT_KINDS.flatMap((kind) => TARGETS[kind].map((target) => ({ kind, target })));

export const pairName = ({ kind, target }: FaultPair): string => `${kind}:${target}`;

export interface Fault extends FaultPair {
  /** In the order in which they begin, from 1. */
  readonly number: number;
  /** How long it is frozen, is down, or the second process stays; milliseconds. */
  readonly ms: number;
  /** Between the beginning of the one before and this. */
  readonly pauseMs: number;
}

/** Milliseconds, least and most. Most freezes are short; a minute is longer than any session, lease and transaction lasts. */
const LASTS: Readonly<Record<FaultKind, readonly [least: number, most: number]>> = {
  kill: [200, 5_000],
  restart: [0, 0],
  freeze: [5_000, 60_000],
  cut: [0, 0],
  replica: [6_000, 15_000],
  'replica-kill': [6_000, 15_000],
};
const PAUSE = [500, 3_000] as const;

/** Each pair once, in an order and for durations that follow from the seed. */
export function planFaults(seed: number, pairs: readonly FaultPair[]): readonly Fault[] {
  const share = (what: string, pair: FaultPair): number => chance(seed, 'fault', what, pairName(pair));
  // Evenly by their logarithm.
  const between = ([least, most]: readonly [number, number], at: number): number =>
    least === most ? least : Math.round(least * (most / least) ** at);
  return [...pairs]
    .sort((a, b) => share('order', a) - share('order', b))
    .map((pair, index) => ({
      ...pair,
      number: index + 1,
      ms: between(LASTS[pair.kind], share('lasts', pair)),
      pauseMs: between(PAUSE, share('pause', pair)),
    }));
}
