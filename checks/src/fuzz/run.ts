import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { PYTHON_ENV } from '../python.js';

/** What an operation is to be called with, where chance alone would find no ticket in the right state. See hooks.py. */
export interface Sample {
  readonly path?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly without?: readonly string[];
}

/** By operation, as `POST /v1/work-items/{ticketId}/reply`. */
export type Samples = Readonly<Record<string, readonly Sample[]>>;

export interface Target {
  readonly service: string;
  readonly url: string;
  readonly token: string;
  readonly apiKey: string;
  readonly samples: Samples;
}

export interface Called {
  readonly operation: string;
  /** By status. */
  readonly answers: Readonly<Record<string, number>>;
  /** By check: how often it failed. */
  readonly findings: Readonly<Record<string, number>>;
}

export interface Outcome {
  readonly service: string;
  readonly operations: readonly Called[];
  /** One of each kind, to look at. */
  readonly examples: readonly string[];
  /** What kept Schemathesis from doing its work. */
  readonly errors: readonly string[];
}

export const REQUIREMENTS = fileURLToPath(new URL('../../../checks/src/fuzz/requirements.txt', import.meta.url));
const HOOKS = fileURLToPath(new URL('../../../checks/src/fuzz/hooks.py', import.meta.url));

/**
 * What an API may not do: fail, and answer what its document doesn't say. What it takes or refuses beyond its schemas is no fault: an empty member counts as
 * left out.
 */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'missing_required_header',
  'unsupported_method',
  'allow_header_conformance',
  'ignored_auth',
];

const configOf = ({ token, apiKey }: Target): string => `
[auth.openapi.token]
bearer = ${JSON.stringify(token)}

[auth.openapi.apiKey]
api_key = ${JSON.stringify(apiKey)}

[output.sanitization]
enabled = true
`;

/** Lets Schemathesis loose on a service. @throws where it ended otherwise than by its findings */
export async function fuzz(python: string, target: Target, folder: string, seconds: number, seed: number): Promise<Outcome> {
  await mkdir(folder, { recursive: true });
  const file = (name: string): string => join(folder, name);
  await writeFile(file('schemathesis.toml'), configOf(target), { mode: 0o600 });
  await writeFile(file('samples.json'), JSON.stringify(target.samples), { mode: 0o600 });
  const options = {
    checks: CHECKS.join(','),
    'max-time': seconds,
    seed,
    phases: 'examples,coverage,fuzzing',
    'generation-database': 'none',
    'request-timeout': 20,
    'suppress-health-check': 'all',
    warnings: 'off',
    report: 'ndjson',
    'report-ndjson-path': file('events.ndjson'),
  };
  const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  const program = ['-m', 'schemathesis.cli', '--config-file', file('schemathesis.toml')];
  const child = spawn(python, [...program, 'run', `${target.url}/openapi.json`, ...args, '--continue-on-failure', '--no-color'], {
    cwd: folder,
    env: { ...PYTHON_ENV, SCHEMATHESIS_HOOKS: HOOKS, PAIDAN_FUZZ_SAMPLES: file('samples.json'), PAIDAN_FUZZ_TALLY: file('tally.json') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const [code] = (await once(child, 'close')) as [number | null];
  await writeFile(file('output.txt'), said.join(''));
  if (code !== 0 && code !== 1) throw new Error(`Schemathesis ended with ${code}:\n${said.join('').slice(-3_000)}`);
  return outcomeOf(target, file('tally.json'), file('events.ndjson'));
}

/** What the hooks counted, with operations of the document that were never called, and what kept Schemathesis from trying something. */
async function outcomeOf({ service, url }: Target, tally: string, events: string): Promise<Outcome> {
  const { operations, examples } = JSON.parse(await readFile(tally, 'utf8')) as Pick<Outcome, 'operations' | 'examples'>;
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as { paths: Readonly<Record<string, object>> };
  const called = new Set(operations.map(({ operation }) => operation));
  const all = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const silent = all.filter((operation) => !called.has(operation)).map((operation) => ({ operation, answers: {}, findings: {} }));
  const errors: string[] = [];
  // Events with every request and answer are long lines; what went wrong is told in short ones. What a reference to nothing describes isn't tried at all.
  for await (const line of createInterface({ input: createReadStream(events, 'utf8'), crlfDelay: Infinity }))
    if (/^\{"(NonFatalError|FatalError|SchemaAnalysisWarnings)"/.test(line) && !isOfPatternsAlone(line)) errors.push(line.slice(0, 1_000));
  return { service, operations: [...operations, ...silent], examples, errors };
}

interface Warning {
  readonly pattern?: string;
  readonly dropped?: boolean;
}

/** Texts whose pattern Schemathesis has no generator for are made without it, and tried all the same. */
export const isOfPatternsAlone = (line: string): boolean => {
  const { SchemaAnalysisWarnings: analysis } = JSON.parse(line) as { SchemaAnalysisWarnings?: { readonly warnings?: readonly Warning[] } };
  const warnings = analysis?.warnings ?? [];
  return warnings.length > 0 && warnings.every(({ pattern, dropped }) => pattern !== undefined && dropped === true);
};
