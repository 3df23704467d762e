import pg from 'pg';
import type { Connection, PoolClient, Submittable } from 'pg';
import { arrayTypes, type ElementType } from './array-elements.js';
import { FrontendMessages } from './frontend-messages.js';

/** A statement as its caller wrote it. Rows come back as pg parses them: bigint as string, jsonb as value. */
export interface Statement {
  readonly sql: string;
  readonly parameters?: readonly unknown[] | undefined;
}

export interface StatementResult {
  readonly rows: Record<string, unknown>[];
  /** Rows written or read, by the server's command tag. */
  readonly affected: number;
}

interface Field {
  readonly name: string;
  readonly parse: (text: string) => unknown;
}

/** One SQL text of this process, and what is known of it. */
interface Text {
  readonly sql: string;
  readonly types: ReadonlyMap<number, ElementType>;
  uses: number;
  /** Set once it is worth a prepared statement. */
  name?: string;
  /** Its columns, once a server has described them: it isn't asked again. */
  fields?: readonly Field[];
}

/** As with JDBC's driver: what is said five times will be said again; a statement with literals in it (see the timers) never comes so far. */
const PREPARE_AFTER = 5;
/** Texts kept in mind, and prepared ones among them; a service has some forty. */
const TEXTS = 1_000;
const PREPARED = 300;

/** The SQL texts of one schema: parsed and planned once per connection, not at each use (of 11 ms that Postgres took per ticket at 50/s, 6 went there). */
export class Statements {
  private readonly texts = new Map<string, Text>();
  private prepared = 0;

  of(sql: string): Text {
    let text = this.texts.get(sql);
    if (text === undefined) {
      if (this.texts.size >= TEXTS) for (const [key, { name }] of this.texts) if (name === undefined) this.texts.delete(key);
      this.texts.set(sql, (text = { sql, types: arrayTypes(sql), uses: 0 }));
    }
    text.uses += 1;
    if (text.name === undefined && text.uses > PREPARE_AFTER && this.prepared < PREPARED) text.name = `s${(this.prepared += 1)}`;
    return text;
  }
}

/** What a connection has parsed; a name whose parsing was cut short may or may not be there. */
interface Parsed {
  readonly known: Set<string>;
  readonly doubtful: Set<string>;
}
const parsedBy = new WeakMap<Connection, Parsed>();

const messages = new FrontendMessages();

interface Step {
  readonly text: Text;
  /** The name that it went under, empty for none: the text may get one while its answer is on the way. */
  readonly name: string;
  readonly parses: boolean;
  readonly describes: boolean;
  fields: readonly Field[];
  rows: Record<string, unknown>[];
}

/**
 * Several statements in one message to the server and one answer back, with a single Sync at the end: the first that fails, fails all that follow.
 * A round trip costs process and server 0.1–0.3 ms of CPU on a busy machine, more than most of our statements; pg's own pipeline mode syncs, and so answers,
 * after each statement and saves half of this.
 */
class Pipeline implements Submittable {
  private steps: Step[] = [];
  private at = 0;
  private results: StatementResult[] = [];
  private connection: Connection | undefined;

  constructor(
    private readonly given: readonly { readonly text: Text; readonly values: readonly unknown[] }[],
    private readonly settle: (error: unknown, results: StatementResult[]) => void,
  ) {}

  submit(connection: Connection): null {
    this.connection = connection;
    const parsed = parsedOf(connection);
    const inThisOne = new Set<string>();
    try {
      for (const { text, values } of this.given) {
        const name = text.name ?? '';
        const parses = name === '' || !(parsed.known.has(name) || inThisOne.has(name));
        const describes = name === '' || text.fields === undefined;
        if (parses) {
          if (parsed.doubtful.has(name)) messages.closeStatement(name);
          messages.parse(name, text.sql);
          if (name !== '') inThisOne.add(name);
        }
        messages.bind(name, values, text.types);
        if (describes) messages.describe();
        messages.execute();
        this.steps.push({ text, name, parses, describes, fields: text.fields ?? [], rows: [] });
      }
    } catch (error) {
      messages.drop();
      throw error;
    }
    connection.stream.write(messages.sync());
    return null;
  }

  handleRowDescription({ fields }: { fields: readonly { name: string; dataTypeID: number }[] }): void {
    const step = this.steps[this.at];
    if (step) step.fields = fields.map(({ name, dataTypeID }) => ({ name, parse: parserOf(dataTypeID) }));
  }

  handleDataRow({ fields: values }: { fields: readonly (string | null)[] }): void {
    const step = this.steps[this.at];
    if (step === undefined) return;
    const row: Record<string, unknown> = {};
    for (let i = 0; i < step.fields.length; i += 1) {
      const { name, parse } = step.fields[i] as Field;
      const value = values[i];
      row[name] = value === null || value === undefined ? null : parse(value);
    }
    step.rows.push(row);
  }

  handleCommandComplete({ text: tag }: { text: string }): void {
    const step = this.steps[this.at];
    if (step === undefined) return;
    if (step.describes) step.text.fields = step.fields;
    this.know(step);
    this.results.push({ rows: step.rows, affected: affectedRows(tag) });
    this.at += 1;
  }

  handleEmptyQuery(): void {
    this.handleCommandComplete({ text: '' });
  }

  /** Once, from the server or when the connection is gone; pg hands over no ReadyForQuery after it. */
  handleError(error: unknown): void {
    const step = this.steps[this.at];
    const parsed = this.connection && parsedOf(this.connection);
    if (step?.parses && step.name !== '') parsed?.doubtful.add(step.name);
    this.settle(error, []);
  }

  handleReadyForQuery(): void {
    this.settle(undefined, this.results);
  }

  private know({ name, parses }: Step): void {
    if (name === '' || !parses || this.connection === undefined) return;
    const parsed = parsedOf(this.connection);
    parsed.known.add(name);
    parsed.doubtful.delete(name);
  }
}

function parsedOf(connection: Connection): Parsed {
  let parsed = parsedBy.get(connection);
  if (parsed === undefined) parsedBy.set(connection, (parsed = { known: new Set(), doubtful: new Set() }));
  return parsed;
}

const parserOf = (oid: number): Field['parse'] => pg.types.getTypeParser(oid, 'text') as Field['parse'];

/** `INSERT 0 5`, `UPDATE 3`, `SELECT 7`, `BEGIN`. */
const affectedRows = (tag: string): number => {
  const last = Number(tag.slice(tag.lastIndexOf(' ') + 1));
  return Number.isInteger(last) ? last : 0;
};

/** Sends the statements together. @throws the error of the first that failed; those behind it were not run */
export async function runPipeline(client: PoolClient, statements: Statements, given: readonly Statement[]): Promise<StatementResult[]> {
  const prepared = given.map(({ sql, parameters = [] }) => ({ text: statements.of(sql), values: parameters }));
  return new Promise((resolve, reject) => {
    client.query(new Pipeline(prepared, (error, results) => (error === undefined ? resolve(results) : reject(error as Error))));
  });
}
