import { type RunningService, type RunningSystem, type ServerHandle, withClient } from '@paidan/local';
import { setTimeout as delay } from 'node:timers/promises';
import { chance } from '../../cast/city/chance.js';
import type { Fault, Target } from './plan.js';

/** Whoever can't be brought back within this is broken. Milliseconds. */
const PATIENCE = 300_000;
const CUTS = 3;
const CUT_EVERY = 400;

/** The processes of a system, and what can be done to them. */
export class Plant {
  /** Processes that ended though nobody told them to. */
  readonly deaths: string[] = [];
  private readonly inHand = new Set<string>();
  private readonly replicas = new Map<Target, RunningService[]>();
  private turn = 0;

  constructor(
    private readonly system: RunningSystem,
    private readonly seed: number,
    private readonly say: (line: string) => void,
  ) {
    system.onFailure((what, reason, log) => {
      // A start that fails because Postgres is away ends by itself; who starts it sees that.
      if (this.inHand.has(what)) return;
      this.deaths.push(`${what} ended by itself (${reason}). The end of its log:\n${log}`);
      say(`${what} ended by itself: ${reason}`);
      const service = system.services.find(({ name }) => name === what);
      if (service !== undefined) void this.bringBack(service.name as Target);
    });
  }

  /** One of the processes that serve what the address names, in turn. */
  readonly route = (url: string): string => {
    const service = this.system.services.find((one) => url.startsWith(`${one.url}/`));
    const others = this.replicas.get((service?.name ?? '') as Target) ?? [];
    if (service === undefined || others.length === 0) return url;
    const chosen = [service, ...others][(this.turn += 1) % (others.length + 1)];
    return chosen === undefined ? url : url.replace(service.url, chosen.url);
  };

  handleOf(target: Target): ServerHandle {
    const handle =
      target === 'kafka' || target === 'postgres'
        ? this.system.infra[target]
        : this.system.services.find(({ name }) => name === target)?.handle;
    if (handle === undefined) throw new Error(`${target} is not ours to break`);
    return handle;
  }

  /** Does it, and returns when what was broken is back. @returns whether anything was hit */
  async commit(fault: Fault): Promise<boolean> {
    const { kind, target, ms } = fault;
    const handle = this.handleOf(target);
    const { pid } = handle;
    switch (kind) {
      case 'kill':
        this.inHand.add(target);
        await handle.kill('SIGKILL');
        await delay(ms);
        await this.bringBack(target);
        return handle.pid !== pid;
      case 'restart':
        this.inHand.add(target);
        await handle.stop();
        await this.bringBack(target);
        return handle.pid !== pid;
      case 'freeze':
        await handle.kill('SIGSTOP');
        await delay(ms);
        await handle.kill('SIGCONT');
        return true;
      case 'cut':
        return this.cut(fault);
      case 'replica':
      case 'replica-kill':
        return this.double(fault);
      default:
        return kind satisfies never;
    }
  }

  /**
   * Stops a service, lets something be done to its schema, and starts it again.
   * @returns real seconds from the start until it is ready
   */
  async replace(target: Target, meanwhile: () => Promise<void>): Promise<number> {
    this.inHand.add(target);
    await this.handleOf(target).stop();
    await meanwhile();
    const began = performance.now();
    await this.bringBack(target);
    return (performance.now() - began) / 1_000;
  }

  urlOf(target: Target): string {
    return this.processesOf(target)[0]?.url ?? '';
  }

  /** Starts it, again if need be: what it needs may be away as well. */
  private async bringBack(target: Target): Promise<void> {
    this.inHand.add(target);
    await this.insist(target, () => this.handleOf(target).restart());
    this.inHand.delete(target);
  }

  private async insist<T>(what: string, start: () => Promise<T>): Promise<T> {
    for (const until = Date.now() + PATIENCE; ; await delay(1_000)) {
      try {
        return await start();
      } catch (error) {
        const { message } = error as Error;
        if (Date.now() > until) throw new Error(`${what} could not be brought back: ${message}`, { cause: error });
        this.say(`${what} does not start yet: ${message.split('\n')[0]?.slice(0, 160) ?? ''}`);
      }
    }
  }

  private async cut({ number, target }: Fault): Promise<boolean> {
    let hit = 0;
    const role = `paidan_${target.replaceAll('-', '_')}`;
    for (let round = 0; round < CUTS; round += 1) {
      hit += await this.insist(`a connection to Postgres for cutting those of ${target}`, () =>
        withClient(this.system.postgresUrl, async (client) => {
          const { rows } = await client.query<{ pid: number }>('select pid from pg_stat_activity where usename = $1 order by pid', [role]);
          const chosen = rows.filter((_, index) => index === 0 || chance(this.seed, 'cut', number, round, index) < 0.5);
          const cut = await client.query('select pg_terminate_backend(pid) from unnest($1::int[]) pid', [chosen.map(({ pid }) => pid)]);
          return cut.rowCount ?? 0;
        }),
      );
      await delay(CUT_EVERY);
    }
    return hit > 0;
  }

  private async double({ kind, target, ms }: Fault): Promise<boolean> {
    const replica = await this.join(target);
    await delay(ms);
    await this.part(target, replica, kind === 'replica-kill');
    return true;
  }

  /** The processes of a service, the one that it began with first. */
  processesOf(target: Target): readonly RunningService[] {
    const first = this.system.services.find(({ name }) => name === target);
    if (first === undefined) throw new Error(`${target} has no replicas`);
    return [first, ...(this.replicas.get(target) ?? [])];
  }

  /** A further process of a service begins to work. */
  async join(target: Target): Promise<RunningService> {
    const service = this.processesOf(target)[0]?.name;
    const replica = await this.insist(`a further ${target}`, () =>
      this.system.startReplica(service as Parameters<RunningSystem['startReplica']>[0]),
    );
    this.replicas.set(target, [...(this.replicas.get(target) ?? []), replica]);
    return replica;
  }

  /** One of the further processes leaves, in an orderly way unless it is killed. */
  async part(target: Target, replica: RunningService, killed = false): Promise<void> {
    this.replicas.set(
      target,
      (this.replicas.get(target) ?? []).filter((one) => one !== replica),
    );
    this.inHand.add(replica.name);
    if (killed) await replica.handle.kill('SIGKILL');
    await replica.handle.stop();
  }

  /** Everything runs, frozen by nobody. */
  async heal(): Promise<void> {
    for (const target of ['postgres', 'kafka'] as const) await this.handleOf(target).kill('SIGCONT');
    for (const { name, handle, metricsUrl } of this.system.services) {
      await handle.kill('SIGCONT');
      await this.insist(name, async () => {
        const { status } = await fetch(`${metricsUrl}/health/ready`, { signal: AbortSignal.timeout(5_000) });
        if (status !== 200) throw new Error(`${name} is not ready: ${status}`);
      });
    }
  }

  /** Freezes or lets go all services at once. */
  async signalServices(signal: 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    await Promise.all(this.system.services.map(({ handle }) => handle.kill(signal)));
  }
}
