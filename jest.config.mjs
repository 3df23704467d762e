import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));
// The build leaves specs out; the tests compile nothing else. Everything else is as in the build: a test must not run other code than production.
const swc = { ...JSON.parse(readFileSync(new URL('.swcrc', import.meta.url), 'utf8')), exclude: [] };

const common = {
  rootDir: root,
  testEnvironment: 'node',
  // Workspace packages are tested from their sources: no build is needed, and a stale dist can't be what passed.
  testEnvironmentOptions: { customExportConditions: ['@paidan/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  resolver: '<rootDir>/libs/testing/jest/resolver.cjs',
  transform: { '^.+\\.ts$': ['@swc/jest', { ...swc, swcrc: false }] },
  transformIgnorePatterns: ['/node_modules/'],
  modulePathIgnorePatterns: ['<rootDir>/(libs/|services/|deploy/|)[^/]+/dist/'],
  roots: ['libs', 'services', 'deploy', 'cli', 'checks'].map((folder) => `<rootDir>/${folder}`),
};

// One Postgres and one Kafka for the whole run, started only when a selected project needs them.
const setup = `${root}libs/testing/jest/global-setup.mjs`;
const infra = existsSync(setup) ? { globalSetup: setup, globalTeardown: `${root}libs/testing/jest/global-teardown.mjs` } : {};

const project = (name, suffix, ignored = []) => ({
  ...common,
  displayName: name,
  testMatch: [`<rootDir>/**/*${suffix}.spec.ts`],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', ...ignored],
});

export default {
  maxWorkers: 2,
  testTimeout: 30_000,
  projects: [
    project('unit', '', ['\\.int\\.spec\\.ts$', '\\.e2e\\.spec\\.ts$']),
    { ...project('int', '.int'), ...infra },
    // Bring their own servers: production's topic names and groups would meet those of the int specs on shared ones.
    project('e2e', '.e2e'),
  ],
};
