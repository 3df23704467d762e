import js from '@eslint/js';
import { readCachedProjectGraph } from '@nx/devkit';
import nx from '@nx/eslint-plugin';
import { defineConfig } from 'eslint/config';
import prettier from 'eslint-config-prettier';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import paidan from './libs/testing/lint/layers.mjs';

// Without a project graph @nx/enforce-module-boundaries prints one line, checks nothing, and passes.
try {
  readCachedProjectGraph();
} catch {
  throw new Error('There is no project graph yet: lint with `npm run lint`, or run `npx nx show projects` once before bare eslint.');
}

const SERVICES = ['intake', 'dispatch', 'department-handler', 'sla-monitor', 'feedback'];
/** Tests and what only they use (`*.kit.ts`). */
const SPECS = ['**/*.spec.ts', '**/*.kit.ts'];

/** Who may depend on whom. A tag nobody else knows would silently lose its rule, so boundaries.spec.ts knows them all too. */
const TYPES = {
  kernel: [],
  contracts: ['kernel'],
  runtime: ['kernel', 'contracts'],
  host: ['kernel', 'contracts', 'runtime'],
  local: ['kernel', 'contracts'],
  testing: ['kernel', 'contracts', 'runtime', 'host', 'local'],
  service: ['kernel', 'contracts', 'runtime', 'host'],
  // The operators' tool: it knows the services by their addresses alone.
  cli: ['kernel', 'contracts', 'local'],
  checks: ['kernel', 'contracts', 'testing', 'local'],
};
/** In specs these may also use what starts real Postgres and Kafka. Kernel and contracts may not: it builds on them, and Nx can't build a cycle. */
const TESTED_FOR_REAL = ['runtime', 'host', 'service'];

const SCOPES = {
  shared: ['shared', 'deploy'],
  deploy: ['shared', 'deploy'],
  cli: ['shared', 'deploy', 'cli'],
  checks: ['shared', 'deploy', 'checks'],
  ...Object.fromEntries(SERVICES.map((service) => [service, ['shared', service]])),
};

const constraint = (dimension, name, targets) => ({
  sourceTag: `${dimension}:${name}`,
  onlyDependOnLibsWithTags: targets.map((target) => `${dimension}:${target}`),
});

function moduleBoundaries({ specs }) {
  const types = Object.entries(TYPES).map(([name, targets]) =>
    constraint('type', name, specs && TESTED_FOR_REAL.includes(name) ? [...targets, 'testing', 'local'] : targets),
  );
  const scopes = Object.entries(SCOPES).map(([name, targets]) => constraint('scope', name, specs ? [...targets, 'deploy'] : targets));
  const kernelImportsNoPackage = { sourceTag: 'type:kernel', allowedExternalImports: [] };
  // banTransitiveDependencies also catches the package that isn't installed: bans by name don't see it.
  const depConstraints = specs ? [...types, ...scopes] : [...types, ...scopes, kernelImportsNoPackage];
  return { '@nx/enforce-module-boundaries': ['error', { banTransitiveDependencies: true, depConstraints }] };
}

// ESLint replaces a rule's options from one block to the next, it doesn't add to them: hence lists to compose from.
const NO_KAFKAJS = {
  name: 'kafkajs',
  message: 'kafkajs stays behind libs/runtime/src/kafka/kafkajs.ts: its faults are met in one place, and it can be replaced there.',
};
const NO_ENV = ['process', 'node:process'].map((name) => ({
  name,
  importNames: ['env'],
  message: 'Only config.ts reads the environment.',
}));
const NO_ENV_PROPERTY = { object: 'process', property: 'env', message: 'Only config.ts reads the environment.' };

const SYNTAX = [
  {
    selector: 'TSEnumDeclaration',
    message: 'A closed set is one `as const` list: it feeds the type, the validator, the database check and the docs.',
  },
  { selector: 'ExportAllDeclaration', message: 'Name what you export.' },
  {
    selector: "MemberExpression[object.name='globalThis'][property.name='process']",
    message: 'Write process: the rule about the environment looks for it.',
  },
];
const BARREL = {
  selector: 'Program',
  message: 'No barrels inside a project (25 files in cycles became 2 when one repository dropped them).',
};
const NO_CLOCK = 'Time is handed in: a decision replayed tomorrow must decide the same.';
const PURE_SYNTAX = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: NO_CLOCK },
  { selector: "CallExpression[callee.name='Date']", message: NO_CLOCK },
  { selector: ':matches(ClassDeclaration, ClassExpression)', message: 'The domain is records and functions, without classes.' },
  { selector: 'Decorator', message: 'The domain knows no framework.' },
];
const PURE_PROPERTIES = [
  { object: 'Date', property: 'now', message: NO_CLOCK },
  { object: 'Math', property: 'random', message: 'Randomness is handed in.' },
];
const PURE_GLOBALS = [
  'crypto',
  'process',
  'performance',
  'globalThis',
  'fetch',
  'console',
  'setTimeout',
  'setInterval',
  'setImmediate',
].map((name) => ({ name, message: 'The domain is pure: time, ids, randomness and the world are handed in.' }));

const UNUSED = { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true };

export default defineConfig(
  { ignores: ['**/dist/', '**/node_modules/', '.nx/', '.data/', '**/coverage/', 'libs/contracts/generated/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked, importX.flatConfigs.typescript],
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        // Said here too, for the parser that has no program at hand: with them consistent-type-imports leaves the constructor types of Nest alone.
        experimentalDecorators: true,
        emitDecoratorMetadata: true,
      },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // A signature that promises is fulfilled without awaiting just as well.
      '@typescript-eslint/require-await': 'off',
      // Nest, TypeORM and class-validator all take methods off a prototype to look at their metadata.
      '@typescript-eslint/unbound-method': 'off',
      // Wrong under noUncheckedIndexedAccess: without the assertion it calls needless, `sum * (list.at(-1) as number)` doesn't compile.
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      // It takes what was caught and is thrown on, once compared with undefined, for something that never was an error.
      '@typescript-eslint/only-throw-error': 'off',
      'no-throw-literal': 'error',
      '@typescript-eslint/no-unused-vars': ['error', UNUSED],
    },
  },
  {
    files: ['**/*.{ts,mjs,cjs}'],
    plugins: { '@nx': nx, 'import-x': importX, paidan },
    settings: {
      'import-x/resolver-next': [
        createTypeScriptImportResolver({
          project: `${import.meta.dirname}/tsconfig.base.json`,
          conditionNames: ['@paidan/source', 'node', 'import', 'default'],
        }),
      ],
    },
    rules: {
      eqeqeq: 'error',
      // NUL and lone surrogates are what an edge has to look for.
      'no-control-regex': 'off',
      ...moduleBoundaries({ specs: false }),
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'no-restricted-syntax': ['error', ...SYNTAX],
      'paidan/layers': 'error',
    },
  },
  { files: ['**/*.{mjs,cjs}'], languageOptions: { globals: globals.node }, rules: { 'no-unused-vars': ['error', UNUSED] } },
  {
    files: SPECS,
    rules: {
      ...moduleBoundaries({ specs: true }),
      // What a test reads back (JSON, rows, mocks) is any until it has asserted on it.
      ...Object.fromEntries(
        ['assignment', 'argument', 'call', 'member-access', 'return'].map((what) => [`@typescript-eslint/no-unsafe-${what}`, 'off']),
      ),
    },
  },
  {
    files: ['libs/*/src/**/*.ts', 'services/*/src/**/*.ts'],
    ignores: ['libs/testing/**', ...SPECS],
    rules: {
      'no-restricted-imports': ['error', { paths: [NO_KAFKAJS, ...NO_ENV] }],
      'no-restricted-properties': ['error', NO_ENV_PROPERTY],
    },
  },
  { files: ['libs/runtime/src/kafka/kafkajs.ts'], rules: { 'no-restricted-imports': ['error', { paths: NO_ENV }] } },
  {
    files: ['libs/*/src/**/config.ts', 'services/*/src/config.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: [NO_KAFKAJS] }], 'no-restricted-properties': 'off' },
  },
  {
    files: ['services/*/src/domain/**/*.ts'],
    ignores: SPECS,
    rules: {
      'no-restricted-syntax': ['error', ...SYNTAX, ...PURE_SYNTAX],
      'no-restricted-properties': ['error', NO_ENV_PROPERTY, ...PURE_PROPERTIES],
      'no-restricted-globals': ['error', ...PURE_GLOBALS],
    },
  },
  {
    files: ['services/*/src/**/index.ts', 'libs/*/src/*/**/index.ts'],
    rules: { 'no-restricted-syntax': ['error', ...SYNTAX, BARREL] },
  },
  prettier,
);
