/** What each rule must catch, next to what it must not. */
export interface Probe {
  rule: string;
  why: string;
  bad: readonly [file: string, text: string];
  good: readonly [file: string, text: string];
  /** Where one rule has several messages: the one meant. */
  messageId?: string;
  typed?: boolean;
}

const BOUNDARY = '@nx/enforce-module-boundaries';
const SYNTAX = 'no-restricted-syntax';
const DOMAIN = 'services/intake/src/domain/probe.ts';
const APPLICATION = 'services/intake/src/application/probe.ts';
const ADAPTER = 'services/intake/src/adapters/http/probe.ts';
const MODULE = 'services/intake/src/intake.module.ts';
const SPEC = 'services/intake/src/application/probe.spec.ts';

/** Between projects. A lib that builds on the importer is reported as the cycle it would close, which comes first. */
const projects: Probe[] = [
  {
    rule: BOUNDARY,
    why: 'a service imports no other service',
    messageId: 'noImportsOfApps',
    bad: [APPLICATION, "export { decide } from '@paidan/dispatch';"],
    good: [APPLICATION, "export { decide } from '@paidan/runtime';"],
  },
  {
    rule: BOUNDARY,
    why: 'nor does it reach one by a relative path',
    messageId: 'noRelativeOrAbsoluteImportsAcrossLibraries',
    bad: [ADAPTER, "export { decide } from '../../../../dispatch/src/domain/decide.js';"],
    good: [ADAPTER, "export { decide } from '../../domain/decide.js';"],
  },
  {
    rule: BOUNDARY,
    why: 'a service uses libs/testing in specs alone',
    messageId: 'onlyTagsConstraintViolation',
    bad: [APPLICATION, "export { given } from '@paidan/testing';"],
    good: [SPEC, "export { given } from '@paidan/testing';"],
  },
  {
    rule: BOUNDARY,
    why: 'a service knows nothing of the local run',
    messageId: 'onlyTagsConstraintViolation',
    bad: [APPLICATION, "export { start } from '@paidan/local';"],
    good: ['services/intake/src/intake.kit.ts', "export { start } from '@paidan/local';"],
  },
  {
    rule: BOUNDARY,
    why: 'the kernel imports nothing of ours',
    messageId: 'noCircularDependencies|TagsConstraintViolation',
    bad: ['libs/kernel/src/probe.ts', "export { TOPICS } from '@paidan/contracts';"],
    good: ['libs/contracts/src/probe.ts', "export { uuidv7 } from '@paidan/kernel';"],
  },
  {
    rule: BOUNDARY,
    why: 'the kernel imports no package, installed and declared at the root or not',
    messageId: 'bannedExternalImportsViolation',
    bad: ['libs/kernel/src/probe.ts', "export { transform } from '@swc/core';"],
    good: ['libs/kernel/src/probe.ts', "export { randomBytes } from 'node:crypto';"],
  },
  {
    rule: BOUNDARY,
    why: 'contracts build on the kernel alone',
    messageId: 'noCircularDependencies|TagsConstraintViolation',
    bad: ['libs/contracts/src/probe.ts', "export { react } from '@paidan/runtime';"],
    good: ['libs/contracts/src/probe.ts', "export { Ajv } from 'ajv';"],
  },
  {
    rule: BOUNDARY,
    why: 'the runtime knows no host',
    messageId: 'noCircularDependencies|TagsConstraintViolation',
    bad: ['libs/runtime/src/probe.ts', "export { host } from '@paidan/service-host';"],
    good: ['libs/service-host/src/probe.ts', "export { react } from '@paidan/runtime';"],
  },
  {
    rule: BOUNDARY,
    why: 'the host knows nothing of the local run',
    messageId: 'onlyTagsConstraintViolation',
    bad: ['libs/service-host/src/probe.ts', "export { start } from '@paidan/local';"],
    good: ['libs/testing/src/probe.ts', "export { start } from '@paidan/local';"],
  },
  {
    rule: BOUNDARY,
    why: 'the local run starts services, it does not import what they are made of',
    messageId: 'noCircularDependencies|TagsConstraintViolation',
    bad: ['deploy/local/src/probe.ts', "export { react } from '@paidan/runtime';"],
    good: ['deploy/local/src/probe.ts', "export { TOPICS } from '@paidan/contracts';"],
  },
  {
    rule: BOUNDARY,
    why: 'checks see a service from outside',
    messageId: 'noImportsOfApps',
    bad: ['checks/src/probe.ts', "export { decide } from '@paidan/intake';"],
    good: ['checks/src/probe.ts', "export { given } from '@paidan/testing';"],
  },
  {
    rule: BOUNDARY,
    why: 'checks see the runtime from outside too',
    messageId: 'onlyTagsConstraintViolation',
    bad: ['checks/src/probe.ts', "export { react } from '@paidan/runtime';"],
    good: ['checks/src/probe.ts', "export { TOPICS } from '@paidan/contracts';"],
  },
  {
    rule: BOUNDARY,
    why: 'the operators’ tool sees a service from outside',
    messageId: 'noImportsOfApps',
    bad: ['cli/src/probe.ts', "export { decide } from '@paidan/feedback';"],
    good: ['cli/src/probe.ts', "export { isService } from '@paidan/contracts';"],
  },
  {
    rule: BOUNDARY,
    why: 'and the runtime and the host, too: it knows their answers alone',
    messageId: 'onlyTagsConstraintViolation',
    bad: ['cli/src/probe.ts', "export { mintToken } from '@paidan/service-host';"],
    good: ['cli/src/probe.ts', "export { findSystem } from '@paidan/local';"],
  },
  {
    rule: BOUNDARY,
    why: 'nobody is built on the operators’ tool',
    messageId: 'noImportsOfApps',
    bad: ['checks/src/probe.ts', "export { run } from '@paidan/cli';"],
    good: ['checks/src/probe.ts', "export { findSystem } from '@paidan/local';"],
  },
  {
    rule: BOUNDARY,
    why: "another package's dependency is not one's own",
    messageId: 'noTransitiveDependencies',
    bad: [APPLICATION, "export { Ajv } from 'ajv';"],
    good: [APPLICATION, "export { Injectable } from '@nestjs/common';"],
  },
  {
    rule: BOUNDARY,
    why: 'a package that is not installed is seen as well',
    messageId: 'noTransitiveDependencies',
    bad: [APPLICATION, "export { pad } from 'left-pad-of-nobody';"],
    good: [SPEC, "export { jest } from '@jest/globals';"],
  },
  {
    rule: 'import-x/no-cycle',
    why: 'files form no cycle',
    bad: ['libs/kernel/src/assert-never.ts', "export { uuidv7 } from './index.js';"],
    good: ['libs/kernel/src/index.ts', "export { assertNever } from './assert-never.js';"],
  },
];

/** Inside a service. */
const layer = (why: string, messageId: 'reach' | 'package', bad: Probe['bad'], good: Probe['good']): Probe => ({
  rule: 'paidan/layers',
  why,
  messageId,
  bad,
  good,
});
const layers: Probe[] = [
  layer(
    'domain/ imports no node builtin',
    'package',
    [DOMAIN, "export { randomUUID } from 'node:crypto';"],
    [DOMAIN, "export { uuidv7 } from '@paidan/kernel';"],
  ),
  layer(
    'nor Nest',
    'package',
    [DOMAIN, "export { Injectable } from '@nestjs/common';"],
    [APPLICATION, "export { Injectable } from '@nestjs/common';"],
  ),
  layer(
    'nor TypeORM, be it for a type',
    'package',
    [DOMAIN, "export type { EntityManager } from 'typeorm';"],
    [DOMAIN, "export type { TicketEvent } from '@paidan/contracts';"],
  ),
  layer(
    'nor the runtime',
    'package',
    [DOMAIN, "export { react } from '@paidan/runtime';"],
    [DOMAIN, "export { TOPICS } from '@paidan/contracts';"],
  ),
  layer(
    'nor what lies outside its folder',
    'reach',
    ['services/intake/src/domain/matters/probe.ts', "export { route } from '../../application/route.js';"],
    ['services/intake/src/domain/matters/probe.ts', "export { evolve } from '../record.js';"],
  ),
  layer(
    'nor the configuration, be it later',
    'reach',
    [DOMAIN, "export const later = () => import('../config.js');"],
    [DOMAIN, "export const later = () => import('./record.js');"],
  ),
  layer(
    'domain specs stay in the domain',
    'reach',
    ['services/intake/src/domain/probe.spec.ts', "export { store } from '../adapters/postgres/store.js';"],
    ['services/intake/src/domain/probe.spec.ts', "export { given } from '@paidan/testing';"],
  ),
  layer(
    'application/ knows no adapter',
    'reach',
    [APPLICATION, "export type { Store } from '../adapters/postgres/store.js';"],
    [ADAPTER, "export { route } from '../../application/route.js';"],
  ),
  layer(
    'nor the configuration',
    'reach',
    [APPLICATION, "export { config } from '../config.js';"],
    [APPLICATION, "export { evolve } from '../domain/record.js';"],
  ),
  layer(
    'an adapter is known to the composition root alone',
    'reach',
    ['services/intake/src/errors.ts', "export { store } from './adapters/postgres/store.js';"],
    [MODULE, "export { store } from './adapters/postgres/store.js';"],
  ),
  layer(
    'or to the main.ts of a program, and to nothing else of it',
    'reach',
    ['services/intake/src/import/read.ts', "export { store } from '../adapters/postgres/store.js';"],
    ['services/intake/src/import/main.ts', "export { store } from '../adapters/postgres/store.js';"],
  ),
  layer(
    'which nobody inside knows',
    'reach',
    [ADAPTER, "export { IntakeModule } from '../../intake.module.js';"],
    ['services/intake/src/main.ts', "export { IntakeModule } from './intake.module.js';"],
  ),
  layer(
    'an integration test composes as the module does',
    'reach',
    ['services/intake/src/application/probe.spec.ts', "export { store } from '../adapters/postgres/store.js';"],
    ['services/intake/src/application/probe.int.spec.ts', "export { store } from '../adapters/postgres/store.js';"],
  ),
];

/** What the domain is made of. */
const pure = (rule: string, why: string, bad: string, good: Probe['good']): Probe => ({ rule, why, bad: [DOMAIN, bad], good });
const purity: Probe[] = [
  pure(SYNTAX, 'the domain has no clock: new Date()', 'export const now = new Date();', [DOMAIN, 'export const day = new Date(0);']),
  pure(SYNTAX, 'nor Date()', 'export const now = Date();', [ADAPTER, 'export const now = new Date();']),
  pure('no-restricted-properties', 'nor Date.now', 'export const clock = Date.now;', [
    DOMAIN,
    "export const day = Date.parse('2026-11-22');",
  ]),
  pure('no-restricted-properties', 'no dice', 'export const dice = Math.random();', [DOMAIN, 'export const most = Math.max(1, 2);']),
  pure('no-restricted-globals', 'no ids of its own', 'export const id = crypto.randomUUID();', [
    ADAPTER,
    'export const id = crypto.randomUUID();',
  ]),
  pure('no-restricted-globals', 'no process', 'export const id = process.pid;', [ADAPTER, 'export const id = process.pid;']),
  pure('no-restricted-globals', 'no timer', 'setTimeout(() => undefined, 1);', [
    'services/intake/src/domain/probe.spec.ts',
    'setTimeout(() => undefined, 1);',
  ]),
  pure(SYNTAX, 'no class', 'export class Ticket {}', [APPLICATION, 'export class Ticket {}']),
  pure(SYNTAX, 'no decorator', "import { uuidv7 } from '@paidan/kernel';\nexport class Ticket {\n  @uuidv7 id = 1;\n}", [
    APPLICATION,
    "import { Inject } from '@nestjs/common';\nexport class Ticket {\n  @Inject() id = 1;\n}",
  ]),
];

const everywhere: Probe[] = [
  {
    rule: 'no-restricted-properties',
    why: 'only config.ts reads the environment',
    bad: [ADAPTER, 'export const url = process.env.DATABASE_URL;'],
    good: ['services/intake/src/config.ts', 'export const url = process.env.DATABASE_URL;'],
  },
  {
    rule: 'no-restricted-properties',
    why: 'taken apart or not, in libs too',
    bad: ['libs/runtime/src/probe.ts', 'export const { env } = process;'],
    good: ['libs/service-host/src/config.ts', 'export const { env } = process;'],
  },
  {
    rule: 'no-restricted-imports',
    why: 'nor by import',
    bad: [ADAPTER, "export { env } from 'node:process';"],
    good: ['deploy/local/src/probe.ts', "export { env } from 'node:process';"],
  },
  {
    rule: SYNTAX,
    why: 'nor by way of globalThis',
    bad: [ADAPTER, 'export const { env } = globalThis.process;'],
    good: ['checks/src/probe.ts', 'export const { env } = process;'],
  },
  {
    rule: 'no-restricted-imports',
    why: 'kafkajs stays behind one file',
    bad: ['libs/runtime/src/outbox/probe.ts', "export { Kafka } from 'kafkajs';"],
    good: ['libs/runtime/src/kafka/kafkajs.ts', "export { Kafka } from 'kafkajs';"],
  },
  {
    rule: 'no-restricted-imports',
    why: 'the same in a service; what plays a stranger has its own client',
    bad: [ADAPTER, "export { Kafka } from 'kafkajs';"],
    good: ['checks/src/probe.ts', "export { Kafka } from 'kafkajs';"],
  },
  {
    rule: SYNTAX,
    why: 'no enum',
    bad: [APPLICATION, "export enum Status {\n  Open = 'open',\n}"],
    good: [APPLICATION, "export const STATUS = ['open'] as const;"],
  },
  {
    rule: SYNTAX,
    why: 'no barrel inside a service',
    bad: ['services/intake/src/domain/index.ts', "export { evolve } from './record.js';"],
    good: ['libs/kernel/src/index.ts', "export { uuidv7 } from './ids.js';"],
  },
  {
    rule: SYNTAX,
    why: 'nor inside a lib, besides its one',
    bad: ['libs/runtime/src/kafka/index.ts', "export { Kafka } from './kafkajs.js';"],
    good: ['libs/runtime/src/index.ts', "export { Kafka } from './kafka/kafkajs.js';"],
  },
  {
    rule: SYNTAX,
    why: 'exports are named',
    bad: ['libs/kernel/src/index.ts', "export * from './ids.js';"],
    good: ['libs/kernel/src/index.ts', "export { isUuid } from './ids.js';"],
  },
  {
    rule: '@typescript-eslint/no-explicit-any',
    why: 'no any',
    bad: [APPLICATION, 'export const read = (row: any) => String(row);'],
    good: [APPLICATION, 'export const read = (row: unknown) => String(row);'],
  },
  {
    rule: '@typescript-eslint/consistent-type-imports',
    why: 'types are imported as types, but for what Nest reads from a constructor at run time',
    bad: [ADAPTER, "import { Route } from '../../application/route.js';\nexport const use = (route: Route) => route;"],
    good: [
      ADAPTER,
      "import { Injectable } from '@nestjs/common';\nimport { Route } from '../../application/route.js';\n@Injectable()\nexport class Use {\n  constructor(readonly route: Route) {}\n}",
    ],
  },
];

/** These need types, so the text stands in for a file that exists. */
const TYPED = 'libs/kernel/src/assert-never.ts';
const typed = (rule: string, why: string, bad: string, good: string): Probe => ({
  rule: `@typescript-eslint/${rule}`,
  why,
  typed: true,
  bad: [TYPED, bad],
  good: [TYPED, good],
});
const types: Probe[] = [
  typed(
    'no-floating-promises',
    'a promise is awaited',
    'const send = () => Promise.resolve(1);\nsend();',
    'const send = () => Promise.resolve(1);\nawait send();',
  ),
  typed(
    'no-misused-promises',
    'nor is it a condition',
    'const open = () => Promise.resolve(true);\nexport const state = open() ? 1 : 2;',
    'const open = () => Promise.resolve(true);\nexport const state = (await open()) ? 1 : 2;',
  ),
  typed('await-thenable', 'what is awaited can be', 'await 1;', 'await Promise.resolve(1);'),
  typed(
    'switch-exhaustiveness-check',
    'a switch names every case',
    "export function f(x: 'a' | 'b') {\n  switch (x) {\n    case 'a':\n      return 1;\n  }\n  return 2;\n}",
    "export function f(x: 'a' | 'b') {\n  switch (x) {\n    case 'a':\n      return 1;\n    default:\n      return 2;\n  }\n}",
  ),
];

export const PROBES: readonly Probe[] = [...projects, ...layers, ...purity, ...everywhere, ...types];
