import { setTimeout as delay } from 'node:timers/promises';
import { type Infra, localPorts, type RunningSystem, startInfra, startSystem } from './index.js';

const env = { ...process.env, PAIDAN_INFRA: 'embedded', PAIDAN_POSTGRES_URL: '', PAIDAN_KAFKA_BROKERS: '' };

describe('a service with a further replica', () => {
  let infra: Infra;
  let system: RunningSystem;
  const failures: string[] = [];
  beforeAll(async () => {
    infra = await startInfra({ ephemeral: true, env });
    const services = localPorts({})
      .services.filter(({ name }) => name === 'intake')
      .map((service) => ({ ...service, port: 0, metricsPort: 0 }));
    system = await startSystem({ infra, ports: { postgres: 0, kafka: 0, services }, env });
    system.onFailure((what, reason) => failures.push(`${what} ${reason}`));
  }, 180_000);
  afterAll(async () => {
    await system?.stop();
    await infra?.stop();
  }, 60_000);

  const ready = async (metricsUrl: string): Promise<number> =>
    fetch(`${metricsUrl}/health/ready`).then(
      ({ status }) => status,
      () => 0,
    );
  const lives = (pid: number | undefined): boolean => {
    try {
      process.kill(pid ?? 0, 0);
      return true;
    } catch {
      return false;
    }
  };

  it('has ports, a log and a process of its own on the same schema, and both serve', async () => {
    const [first] = system.services;
    const second = await system.startReplica('intake');
    expect([second.name, second.url === first?.url, second.handle.pid === first?.handle.pid]).toEqual(['intake-2', false, false]);
    expect(second.logFile).toContain('intake-2.log');
    expect([await ready(first?.metricsUrl ?? ''), await ready(second.metricsUrl)]).toEqual([200, 200]);
    await second.handle.stop();
    expect([await ready(first?.metricsUrl ?? ''), await ready(second.metricsUrl)]).toEqual([200, 0]);
    expect(failures).toEqual([]);
  }, 60_000);

  it('tells of its end when nobody asked for it, after a freeze too', async () => {
    const third = await system.startReplica('intake');
    expect(third.name).toBe('intake-3');
    await third.handle.kill('SIGSTOP');
    await third.handle.kill('SIGCONT');
    process.kill(third.handle.pid ?? 0, 'SIGKILL');
    for (let tries = 0; failures.length === 0 && tries < 100; tries += 1) await delay(50);
    expect(failures).toEqual(['intake-3 SIGKILL']);
  }, 60_000);

  it('takes its replicas with it', async () => {
    const fourth = await system.startReplica('intake');
    const { pid } = fourth.handle;
    await system.stop();
    expect(lives(pid)).toBe(false);
    await expect(system.startReplica('feedback')).rejects.toMatchObject({ code: 'service-failed' });
  }, 60_000);
});
