import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICES } from '@paidan/contracts';
import { parse } from 'yaml';
import { kafkaContainer, postgresContainer } from './docker.js';
import { workspaceRoot } from './host.js';
import { audience, issuer } from './local-keys.js';
import { localPorts, variableOf } from './settings.js';

interface ComposeService {
  readonly image: string;
  readonly build?: { readonly target: string; readonly args?: Readonly<Record<string, string>> };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly restart?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
}

const text = readFileSync(join(workspaceRoot, 'docker-compose.yml'), 'utf8');
const file = parse(text, { merge: true }) as { services: Record<string, ComposeService>; volumes: Record<string, unknown> };
const service = (name: string): ComposeService => {
  const found = file.services[name];
  if (found === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
};
/** `${NAME:-value}` as it is when nobody sets NAME. */
const byDefault = (value: string): string => value.replace(/\$\{\w+:-([^}]*)\}/g, '$1');

describe('docker-compose.yml', () => {
  it('runs the Postgres that npm start runs', () => {
    const { image, args, environment } = postgresContainer('');
    const { POSTGRES_PASSWORD: _inAFile, ...settings } = environment;
    const { environment: theirs, command = [], volumes } = service('postgres');
    expect(service('postgres').image).toBe(image);
    expect(theirs).toMatchObject({ ...settings, POSTGRES_INITDB_ARGS: expect.any(String) as string });
    expect(theirs?.['POSTGRES_INITDB_ARGS']).toBe(settings['POSTGRES_INITDB_ARGS']);
    expect(command.map(byDefault)).toEqual(['postgres', ...args.filter((arg) => arg !== '-c').map((arg) => `-c${arg}`)]);
    expect(volumes).toContain(`postgres:${postgresContainer('').volumeAt}`);
  });

  it('runs the Kafka that npm start runs, with a listener inside and one outside', () => {
    const { image, args, environment: settings, volumeAt } = kafkaContainer(7092);
    const listeners = /LISTENER/;
    const plain = (all: Readonly<Record<string, string>>) =>
      Object.fromEntries(Object.entries(all).flatMap(([name, value]) => (listeners.test(name) ? [] : [[name, byDefault(value)]])));
    const { command = [], environment: theirs = {}, volumes, ports = [] } = service('kafka');
    expect(service('kafka').image).toBe(image);
    // Compose reads $ as its own.
    expect(command.map((arg) => arg.replaceAll('$$', '$'))).toEqual(args);
    expect(plain(theirs)).toEqual(plain(settings));
    expect(volumes).toContain(`kafka:${volumeAt}`);
    expect(byDefault(theirs['KAFKA_ADVERTISED_LISTENERS'] ?? '')).toBe(`INSIDE://kafka:9092,OUTSIDE://127.0.0.1:${localPorts({}).kafka}`);
    expect(ports.map(byDefault)).toEqual([`127.0.0.1:${localPorts({}).kafka}:9094`]);
  });

  it.each(SERVICES.map((name, at) => [name, 7101 + at, 7201 + at] as const))(
    'runs %s on %d and its metrics on %d',
    (name, port, metricsPort) => {
      const { build, environment, ports, volumes = [], ...rest } = service(name);
      expect(build).toMatchObject({ target: 'service', args: { SERVICE: name } });
      expect(environment).toMatchObject({
        PAIDAN_PORT: String(port),
        PAIDAN_METRICS_PORT: String(metricsPort),
        PAIDAN_JWT_ISSUER: issuer,
        PAIDAN_JWT_AUDIENCE: audience,
      });
      expect(ports).toEqual([
        `\${PAIDAN_BIND:-127.0.0.1}:\${${variableOf(name, 'PORT')}:-${port}}:${port}`,
        `\${PAIDAN_BIND:-127.0.0.1}:\${${variableOf(name, 'METRICS_PORT')}:-${metricsPort}}:${metricsPort}`,
      ]);
      expect(rest).toMatchObject({
        restart: 'unless-stopped',
        read_only: true,
        cap_drop: ['ALL'],
        healthcheck: { test: expect.any(Array) as string[] },
      });
      // Nobody's secrets but its own, and read only.
      const volume = (at: string) => volumes.filter((mount) => mount.includes(at));
      expect(volume('/run/paidan/')).toEqual([`${name}:/run/paidan/own:ro`, 'public-keys:/run/paidan/public:ro']);
      const only = (variable: string) => SERVICES.filter((each) => variable in (service(each).environment ?? {}));
      expect(only('PAIDAN_CONTACT_KEYS_FILE')).toEqual(['intake']);
      expect(only('PAIDAN_QUERY_PROOF_KEY_FILE')).toEqual(['feedback']);
    },
  );

  it('hands each service what is its own, and knows each volume that it names', () => {
    expect(service('provision').volumes).toEqual(expect.arrayContaining(SERVICES.map((name) => `${name}:/run/paidan/services/${name}`)));
    const named = Object.values(file.services).flatMap(({ volumes = [] }) => volumes.filter((mount) => /^[a-z]/.test(mount)));
    expect([...new Set(named.map((mount) => mount.split(':')[0]))].sort()).toEqual(Object.keys(file.volumes).sort());
  });

  it('has no secret in it', () => {
    const given = Object.values(file.services).flatMap(({ environment = {} }) => Object.entries(environment));
    for (const [name, value] of given.filter(([name]) => /PASSWORD|SECRET|KEY|TOKEN|URL/.test(name)))
      expect({ name, value }).toEqual({ name, value: expect.stringMatching(/^\/run\/paidan\//) as string });
    expect(text).not.toMatch(/postgres(ql)?:\/\//);
  });
});
