import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describeConfig, env, loadConfig, type Secret } from './config.js';
import { hostChecks, hostSettings } from './host-config.js';

const folder = mkdtempSync(join(tmpdir(), 'config-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'secret.txt');
writeFileSync(file, 'from a file\n');

const spec = {
  city: env.string('CITY', { describe: 'name of the city' }),
  port: env.int('PORT', { default: 8080, min: 1, max: 65_535, describe: 'port' }),
  wait: env.duration('WAIT', { default: '5s', min: '100ms', max: '1h', describe: 'waiting time' }),
  mode: env.oneOf('MODE', ['fast', 'safe'], { default: 'safe', describe: 'mode' }),
  on: env.bool('ON', { default: false, describe: 'switch' }),
  hook: env.url('HOOK', { optional: true, describe: 'call-back' }),
  brokers: env.list('BROKERS', { default: 'a:9092, b:9092', describe: 'Kafka' }),
  path: env.file('DATA', { optional: true, describe: 'a file' }),
  key: env.secret('KEY', { describe: 'key', check: (raw) => (raw.length < 8 ? 'is shorter than 8 characters' : undefined) }),
};

const failure = (environment: NodeJS.ProcessEnv): string => {
  try {
    loadConfig(spec, { env: environment });
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  throw new Error('was accepted');
};

describe('loadConfig', () => {
  it('reads types, defaults, durations in milliseconds and empty values as unset', () => {
    const config = loadConfig(spec, { env: { CITY: '成都', KEY: 'long enough', WAIT: '2m', HOOK: '', ON: 'true' } });
    expect({ ...config, key: undefined }).toEqual({
      city: '成都',
      port: 8080,
      wait: 120_000,
      mode: 'safe',
      on: true,
      hook: undefined,
      brokers: ['a:9092', 'b:9092'],
      path: undefined,
      key: undefined,
    });
    const typed: { mode: 'fast' | 'safe'; hook: URL | undefined; wait: number; key: Secret } = config;
    expect(Object.isFrozen(typed)).toBe(true);
  });

  it('names every wrong variable at once', () => {
    const message = failure({
      PORT: '80a',
      WAIT: '2 hours',
      MODE: 'slow',
      ON: 'yes',
      HOOK: 'ftp://x',
      BROKERS: 'a,,b',
      DATA: '/nowhere',
      KEY: 'short',
    });
    for (const part of [
      'CITY: is not set',
      'PORT: «80a» is not a whole number',
      'WAIT: «2 hours» is not a duration like 500ms, 5s, 2m, 12h or 1d',
      'MODE: «slow» is none of fast, safe',
      'ON: «yes» is neither true nor false',
      'HOOK: must be a URL of http or https',
      'BROKERS: «a,,b» has an empty member',
      'DATA: file «/nowhere» does not exist',
      'KEY: is shorter than 8 characters',
    ]) {
      expect(message).toContain(part);
    }
    expect(failure({ CITY: 'x', KEY: 'long enough', PORT: '70000', WAIT: '1ms' })).toMatch(
      /PORT: «70000» is more than 65535\n\s+WAIT: «1ms» is less than 100/,
    );
  });

  it('never prints a secret, whether it is right or wrong', () => {
    const config = loadConfig(spec, { env: { CITY: 'x', KEY: 'my-secret-key' } });
    expect(config.key.reveal()).toBe('my-secret-key');
    expect(`${JSON.stringify(config)} ${inspect(config)} ${String(config.key)}`).not.toContain('my-secret-key');
    expect(failure({ CITY: 'x', KEY: 'hush' })).not.toContain('hush');
    expect(failure({ CITY: 'x', KEY: 'long enough', HOOK: 'http://user:hush@host' })).toMatch(/HOOK: must not contain a password$/);
    expect(failure({ CITY: 'x', KEY: 'long enough', HOOK: 'user:hush@host' })).not.toContain('hush');
  });

  it('reads a secret from the file that <VARIABLE>_FILE names', () => {
    expect(loadConfig(spec, { env: { CITY: 'x', KEY_FILE: file } }).key.reveal()).toBe('from a file');
    expect(failure({ CITY: 'x', KEY_FILE: '/nowhere' })).toContain('KEY: the file that KEY_FILE names cannot be read: /nowhere');
  });

  it('asks a rule over several fields once they could be read, and names all of them', () => {
    const host = hostSettings({ port: 1, metricsPort: 2 });
    const load = (environment: NodeJS.ProcessEnv) => loadConfig(host, { env: environment, checks: hostChecks });
    expect(() => load({ PAIDAN_PORT: '9000', PAIDAN_METRICS_PORT: '9000' })).toThrow(
      'PAIDAN_PORT, PAIDAN_METRICS_PORT: must be two different ports',
    );
    expect(() => load({ PAIDAN_JWKS_FILE: file, PAIDAN_JWKS_URL: 'https://id.example/jwks' })).toThrow(
      'PAIDAN_JWKS_FILE, PAIDAN_JWKS_URL: set one',
    );
    expect(() => load({ PAIDAN_PORT: 'x', PAIDAN_METRICS_PORT: '9000' })).toThrow(
      /^configuration:\n {2}PAIDAN_PORT: «x» is not a whole number$/,
    );
    expect(load({}).shutdownTimeout).toBe(20_000);
  });

  it('refuses a default that its own rule refuses', () => {
    expect(() => loadConfig({ n: env.int('N', { default: 5, max: 3, describe: '' }) }, { env: {} })).toThrow('N: «5» is more than 3');
  });
});

it('describes a spec as a Markdown table', () => {
  expect(describeConfig(spec).split('\n')).toEqual([
    '| variable | kind | default | meaning |',
    '|---|---|---|---|',
    '| `CITY` | text | **required** | name of the city |',
    '| `PORT` | whole number 1…65535 | `8080` | port |',
    '| `WAIT` | duration | `5s` | waiting time |',
    '| `MODE` | fast \\| safe | `safe` | mode |',
    '| `ON` | true \\| false | `false` | switch |',
    '| `HOOK` | URL | – | call-back |',
    '| `BROKERS` | list, comma-separated | `a:9092, b:9092` | Kafka |',
    '| `DATA` | path of a file | – | a file |',
    '| `KEY` or `KEY_FILE` | secret | **required** | key |',
  ]);
});

it('the README has the table of the host’s own variables', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  // Prettier pads the cells.
  const plain = (text: string): string => text.replace(/ *\| */g, '|').replace(/-{3,}/g, '---');
  expect(plain(readme)).toContain(plain(describeConfig(hostSettings({ port: 8080, metricsPort: 9080 }))));
});
