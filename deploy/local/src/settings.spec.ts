import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCity, topicsOf } from './city.js';
import { clockFrom, timeOf } from './clock.js';
import { workspaceRoot } from './host.js';
import { LocalKeys } from './local-keys.js';
import { serviceEnvironment } from './service-process.js';
import { localPorts } from './settings.js';

describe('ports', () => {
  it('are fixed unless the environment says otherwise', () => {
    expect(localPorts({}).services.map(({ name, port, metricsPort }) => `${name} ${port} ${metricsPort}`)).toEqual([
      'intake 7101 7201',
      'dispatch 7102 7202',
      'department-handler 7103 7203',
      'sla-monitor 7104 7204',
      'feedback 7105 7205',
    ]);
    const moved = localPorts({ PAIDAN_KAFKA_PORT: '9000', PAIDAN_DEPARTMENT_HANDLER_PORT: '0', PAIDAN_INTAKE_METRICS_PORT: '9300' });
    expect(moved.kafka).toBe(9000);
    expect(moved.services).toMatchObject([
      { metricsPort: 9300 },
      {},
      { port: 0, schema: 'department_handler' },
      { schema: 'sla_monitor' },
      {},
    ]);
  });

  it.each(['70000', '-1', 'many', '7.5'])('refuse %s by the name of the variable', (port) => {
    expect(() => localPorts({ PAIDAN_POSTGRES_PORT: port })).toThrow(`PAIDAN_POSTGRES_PORT=${port} is not a port`);
  });
});

describe('what a service is told', () => {
  it("holds neither the superuser nor another's keys", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'paidan-'));
    const around = {
      dataDir,
      cityDir: '/city',
      brokers: ['a:1', 'b:2'],
      database: { databaseUrl: 'postgres://r', migratorUrl: 'postgres://m' },
      keys: await LocalKeys.open(dataDir),
      env: { PAIDAN_POSTGRES_URL: 'postgres://superuser', PAIDAN_LOG_LEVEL: 'debug' },
    };
    const dispatch = serviceEnvironment('dispatch', 7102, 7202, around);
    expect(dispatch).toMatchObject({
      PAIDAN_PORT: '7102',
      PAIDAN_METRICS_PORT: '7202',
      PAIDAN_KAFKA_BROKERS: 'a:1,b:2',
      PAIDAN_LOG_LEVEL: 'debug',
    });
    expect(dispatch).not.toHaveProperty('PAIDAN_POSTGRES_URL');
    expect(dispatch).not.toHaveProperty('PAIDAN_CONTACT_KEYS_FILE');
    expect(dispatch).not.toHaveProperty('PAIDAN_CLOCK');
    const clock = { from: '2026-03-02T09:00:00+08:00', anchor: 1_764_000_000_000, factor: 8_640 };
    const faster = serviceEnvironment('dispatch', 7102, 7202, { ...around, clock });
    expect(JSON.parse(faster['PAIDAN_CLOCK'] ?? '')).toEqual(clock);
    expect(serviceEnvironment('intake', 7101, 7201, around)).toHaveProperty('PAIDAN_CONTACT_KEYS_FILE', around.keys.files.contactKeys);
    const feedback = serviceEnvironment('feedback', 7105, 7205, around);
    expect(feedback).toMatchObject({ PAIDAN_CHANNELS_FILE: '/city/channels.csv', PAIDAN_CALLBACK_ALLOW_PRIVATE: 'true' });
    expect(feedback).not.toHaveProperty('PAIDAN_CONTACT_KEYS_FILE');
    expect(dispatch).not.toHaveProperty('PAIDAN_QUERY_PROOF_KEY_FILE');
    rmSync(dataDir, { recursive: true });
  });
});

describe('the clock of a system', () => {
  const clock = { from: '2026-03-02T09:00:00+08:00', anchor: Date.now() - 10_000, factor: 8_640 };

  it('is real time unless the environment says otherwise', () => {
    for (const text of [undefined, '', 'system']) expect(clockFrom({ PAIDAN_CLOCK: text })).toBeUndefined();
    expect(Math.abs(timeOf(undefined) - Date.now())).toBeLessThan(1_000);
    expect(clockFrom({ PAIDAN_CLOCK: JSON.stringify(clock) })).toEqual(clock);
    expect(clockFrom({ PAIDAN_CLOCK: '{"from":"2026-03-02T09:00:00+08:00","factor":2}' })?.anchor).toBeLessThanOrEqual(Date.now());
    expect(timeOf(clock)).toBeGreaterThanOrEqual(Date.parse('2026-03-03T09:00:00+08:00'));
  });

  it.each(['{', '8640', '{"from":"soon","anchor":1,"factor":2}', '{"from":"2026-03-02T09:00:00Z","anchor":1,"factor":0}'])(
    '%s is none',
    (text) => expect(() => clockFrom({ PAIDAN_CLOCK: text })).toThrow(`PAIDAN_CLOCK=${text} is neither system nor a clock like`),
  );
});

describe('the topics of a city', () => {
  it('follow its tables', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'paidan-'));
    writeFileSync(join(folder, 'channels.csv'), '\uFEFFid,name,kind\r\nweb-portal,"门户, 网站",web\r\n\r\n');
    writeFileSync(join(folder, 'units.csv'), 'code,name,integration\ncity-water,"水""务"", 局",kafka\ncity-hall,大厅,desk\n');
    const city = await readCity(folder);
    expect(city).toEqual({ channels: ['web-portal'], units: ['city-water'] });
    rmSync(join(folder, 'units.csv'));
    writeFileSync(join(folder, 'units.yaml'), '- code: city-water\n  integration: kafka\n- code: city-hall\n  integration: desk\n');
    expect(await readCity(folder)).toEqual(city);
    expect(topicsOf(city).map(({ name, partitions, config }) => `${name} ${partitions} ${config?.['cleanup.policy'] ?? ''}`)).toEqual([
      'paidan.tickets 12 delete',
      'paidan.tickets.retold 12 delete',
      'paidan.directory 1 compact',
      'paidan.assignments.city-water 1 delete',
      'paidan.commands.city-water 1 delete',
      'paidan.submissions.web-portal 1 delete',
      'paidan.receipts.web-portal 1 delete',
    ]);
    rmSync(folder, { recursive: true });
  });

  it('exist for the example city, each with a name that Kafka takes', async () => {
    const names = topicsOf(await readCity(join(workspaceRoot, 'deploy/city'))).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(100);
    for (const name of names) expect(name).toMatch(/^[a-zA-Z0-9._-]{1,249}$/);
  });
});
