import type { Guiding, Registered } from '../../application/simulate.js';
import type { Simulation } from '../../application/simulations.js';
import { placementOf, type DispatchPolicy } from '../../domain/placements.js';
import type { RoutingDecision } from '../../domain/routing/decision.js';
import type { Compared } from '../../domain/simulation/comparison.js';
import type { DecisionShown } from './answers.js';
import { decisionView, nameOf } from './routing-view.js';
import type { SimulationResult, SimulationShown } from './simulation-shapes.js';

/** Of thousands of pairs the rest have a ticket or two each. */
const MOVES = 200;

export const resultView =
  (policy: DispatchPolicy) =>
  ({ moves, loads, samples, ...counts }: Compared<Registered>, { before: { directory } }: Guiding, now: number, seconds: number) => {
    const shown = (decision: RoutingDecision): DecisionShown =>
      decisionView(placementOf(decision, 1, { now, facts: { directory, policy } }), 1, directory, undefined);
    const named = (unit: string | null): string | null => (unit === null ? null : nameOf(directory, unit));
    return {
      ...counts,
      moves: moves.slice(0, MOVES).map(({ from, to, tickets }) => ({ from, fromName: named(from), to, toName: named(to), tickets })),
      loads: loads.map((load) => ({ ...load, name: nameOf(directory, load.unit) })),
      samples: samples.map(({ of: { ticketId, number }, change, before, after }) => ({
        ...{ ticketId, number, change },
        before: shown(before),
        after: shown(after),
      })),
      seconds,
    } satisfies SimulationResult;
  };

export const simulationView = ({ askedAt, endedAt, ...simulation }: Simulation<SimulationResult>): SimulationShown => ({
  ...simulation,
  askedAt: askedAt.toISOString(),
  ...(endedAt === undefined ? {} : { endedAt: endedAt.toISOString() }),
});
