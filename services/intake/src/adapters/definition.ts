import type { Runtime, ServiceDefinition } from '@paidan/runtime';
import { decide, recall, type IntakeCommand } from '../domain/decisions.js';
import type { IntakeRecord } from '../domain/ticket.js';
import { lostSubmissions, writeRecalled } from './postgres/recalled-submissions.js';

export type IntakeRuntime = Runtime<IntakeRecord, null, IntakeCommand>;

/** Injection token of the {@link IntakeRuntime}. */
export const RUNTIME = Symbol('intake:runtime');

/** What makes the runtime into intake. */
export const intakeDefinition: ServiceDefinition<IntakeRecord, null, IntakeCommand> = {
  service: 'intake',
  decide,
  // Submissions reach the reactor as commands, through the registrar; intake reads no events.
  decode: () => ({ kind: 'skip' }),
  columns: [],
  facts: () => null,
  recall,
  hearsNobody: true,
  write: writeRecalled,
  lost: lostSubmissions,
};
