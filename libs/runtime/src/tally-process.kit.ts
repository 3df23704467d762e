import { Runtime, type RuntimeOptions } from './runtime.js';
import { faults, tallyDefinition, tallyMigrations } from './runtime.kit.js';

/** The tally as a process of its own, for tests that freeze or kill one. Options as JSON in the first argument; says `up` when it reads. */
const { topic, slowMs, ...options } = JSON.parse(process.argv[2] ?? '{}') as RuntimeOptions & { topic: string; slowMs: number };
faults.healed = true;
const runtime = await Runtime.open(
  {
    ...tallyDefinition,
    // A batch that takes its time: wide enough a window to be frozen in.
    write: async (tx) => void (await tx.query('select pg_sleep($1::double precision / 1000)', [slowMs])),
  },
  // Classes don't travel as JSON.
  { ...options, database: { ...options.database, migrations: tallyMigrations } },
);
runtime.start();
runtime.read({ group: topic, topics: async () => [topic] });
process.on('SIGTERM', () => void runtime.stop().then(() => process.exit(0)));
process.stdout.write('up\n');
