import type { Content, OpenContent } from '@paidan/contracts';
import { PaidanError, uuidv7 } from '@paidan/kernel';
import type { Log } from '@paidan/runtime';
import { randomBytes } from 'node:crypto';
import type { Compared } from '../domain/simulation/comparison.js';
import { dispatchError } from '../errors.js';
import { simulate, type Guiding, type Registered } from './simulate.js';

export const SIMULATION_STATES = ['running', 'done', 'failed', 'interrupted'] as const;
export type SimulationState = (typeof SIMULATION_STATES)[number];

/** What was asked for, without the drafts themselves. */
export interface Tried {
  /** Name of the draft of rules. */
  readonly rules?: string;
  /** Of a kept set. */
  readonly version?: number;
  /** Whether a draft of the model was tried, too. */
  readonly model: boolean;
  readonly samples: number;
}

export interface Simulation<Result> {
  readonly id: string;
  readonly state: SimulationState;
  readonly askedAt: Date;
  readonly askedBy: string;
  readonly asked: Tried;
  /** How many tickets at most. */
  readonly last: number;
  /** How many so far. */
  readonly done: number;
  readonly endedAt?: Date;
  readonly result?: Result;
  /** Why it failed. */
  readonly detail?: string;
}

export type NewSimulation = Pick<Simulation<never>, 'id' | 'askedAt' | 'askedBy' | 'asked' | 'last'>;

export interface SimulationEnd<Result> {
  readonly state: Exclude<SimulationState, 'running'>;
  readonly result?: Result;
  readonly detail?: string;
}

/** Where simulations are kept: whoever asks for one may meet another replica than the one that makes it. */
export interface SimulationShelf<Result> {
  /** @returns the id of the one that is running, where this one can't begin; one whose replica has long been silent is ended */
  begin(simulation: NewSimulation): Promise<string | undefined>;
  /** Says that it goes on. */
  touch(id: string, done: number): Promise<void>;
  end(id: string, end: SimulationEnd<Result>): Promise<void>;
  find(id: string): Promise<Simulation<Result> | undefined>;
}

export interface SimulationsOptions<Result> {
  readonly shelf: SimulationShelf<Result>;
  /** The newest tickets first. */
  readonly newest: (most: number) => AsyncIterable<readonly Registered[]>;
  /** @throws where the key is not there */
  readonly unseal: (content: Content, ticketId: string) => OpenContent;
  /** What is kept and shown of the outcome. */
  readonly show: (compared: Compared<Registered>, guiding: Guiding, now: number, seconds: number) => Result;
  readonly log: Log;
  readonly now: () => number;
}

/** 模拟: what a draft would do to the newest tickets. One at a time in the whole service, each on the replica that was asked. */
export class Simulations<Result extends object> {
  readonly #ending = new AbortController();
  #running: Promise<void> | undefined;

  constructor(private readonly options: SimulationsOptions<Result>) {}

  /**
   * Begins one and doesn't wait for it.
   * @returns its id
   * @throws PaidanError `simulation-running`
   */
  async begin(guiding: Guiding, asked: Tried, last: number, by: string): Promise<string> {
    const { shelf, now } = this.options;
    const id = uuidv7(now(), randomBytes(10));
    const running = await shelf.begin({ id, askedAt: new Date(now()), askedBy: by, asked, last });
    if (running !== undefined)
      throw dispatchError('simulation-running', `${running} is running`, { extensions: { state: { id: running } } });
    this.#running = this.#carryOut(id, guiding, asked.samples, last);
    return id;
  }

  find(id: string): Promise<Simulation<Result> | undefined> {
    return this.options.shelf.find(id);
  }

  /** Before the database closes. */
  async close(): Promise<void> {
    this.#ending.abort();
    await this.#running;
  }

  async #carryOut(id: string, guiding: Guiding, samples: number, last: number): Promise<void> {
    const { shelf, newest, unseal, show, log, now: clock } = this.options;
    const { signal } = this.#ending;
    const [now, started] = [clock(), performance.now()];
    const progress = (done: number): Promise<void> => shelf.touch(id, done);
    try {
      const compared = await simulate(newest(last), { ...guiding, unseal, now, samples, signal, progress });
      const seconds = Math.round(performance.now() - started) / 1_000;
      await shelf.end(id, { state: 'done', result: show(compared, guiding, now, seconds) });
      log.info({ simulation: id, tickets: compared.tickets, seconds }, 'simulated');
    } catch (error) {
      if (!signal.aborted) log.error({ err: error, simulation: id }, 'a simulation failed');
      const end = signal.aborted ? ({ state: 'interrupted' } as const) : ({ state: 'failed', detail: detailOf(error) } as const);
      await shelf
        .end(id, end)
        .catch((failure: unknown) => log.warn({ err: failure, simulation: id }, 'the end of a simulation is not kept'));
    }
  }
}

/** What broke stands in the log; who asked is told what was refused. */
const detailOf = (error: unknown): string => (error instanceof PaidanError ? `${error.code}: ${error.message}` : 'internal error');
