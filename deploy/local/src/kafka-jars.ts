import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { codeOf, InfraError } from './errors.js';
import { namingFullDisk, requireDiskSpace, workspaceRoot } from './host.js';

const run = promisify(execFile);

const pom = join(workspaceRoot, 'deploy', 'kafka', 'pom.xml');

/**
 * The folder of the broker's jars, filled by Maven at first use (43 MB) and kept when the data is reset. Named after the content of the pom,
 * so that another version of Kafka is another folder and a half-filled one is never taken for a whole one.
 */
export async function kafkaJars(onProgress: (line: string) => void, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const cache = env['PAIDAN_KAFKA_JARS'] ?? join(workspaceRoot, '.data', 'kafka-jars');
  const folder = join(
    cache,
    createHash('sha256')
      .update(await readFile(pom))
      .digest('hex')
      .slice(0, 12),
  );
  if (await exists(folder)) return folder;

  await requireDiskSpace(cache);
  onProgress('fetching the jars of Apache Kafka with Maven (43 MB, only this once)');
  const filling = `${folder}.${process.pid}`;
  await rm(filling, { recursive: true, force: true });
  await mkdir(filling, { recursive: true });
  try {
    await copyDependencies(filling, env);
    // Another run may have been quicker; its folder is as good as ours.
    await rename(filling, folder).catch(async (error: unknown) => {
      if (!(await exists(folder))) throw error;
    });
  } finally {
    await rm(filling, { recursive: true, force: true });
  }
  return folder;
}

async function copyDependencies(folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  const args = ['--batch-mode', '--quiet', '--file', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${folder}`];
  try {
    await run('mvn', args, { timeout: 600_000, maxBuffer: 16 * 1024 * 1024, env });
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      throw new InfraError(
        'no-maven',
        'Maven is needed once to fetch Apache Kafka, and there is no mvn on the PATH. Install it (apt install maven, brew install maven), start Docker, or name a Kafka in PAIDAN_KAFKA_BROKERS.',
      );
    }
    throw namingFullDisk(mavenFailure(error), folder);
  }
  const names = await readdir(folder);
  if (!names.some((name) => name.startsWith('kafka_'))) {
    throw new InfraError('kafka-jars-missing', `Maven ended well but left no Kafka in ${folder}; see deploy/kafka/pom.xml.`);
  }
}

/** Maven says the same failure five times over; its first [ERROR] line is the one that names the cause. */
function mavenFailure(error: unknown): Error {
  const output = typeof error === 'object' && error !== null && 'stdout' in error ? String(error.stdout) : '';
  const cause = output.split('\n').find((line) => line.includes('[ERROR]')) ?? (error instanceof Error ? error.message : String(error));
  return new InfraError(
    'kafka-jars-missing',
    `Maven could not fetch Apache Kafka: ${cause.replace(/.*\[ERROR\]\s*/, '').slice(0, 400)}\nIs the network (or the mirror in ~/.m2/settings.xml) reachable? Once fetched, the jars are used offline.`,
    { cause: error },
  );
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

export interface Java {
  readonly command: string;
  /** The whole version, as it says it itself. */
  readonly version: string;
}

/** The `java` to run, if it is 17 or newer. */
export async function findJava(env: NodeJS.ProcessEnv = process.env): Promise<Java> {
  const home = env['JAVA_HOME'];
  const command = home === undefined || home === '' ? 'java' : join(home, 'bin', 'java');
  const answer = await run(command, ['-version'], { env }).catch(() => undefined);
  const found = /version "((\d+)(?:\.(\d+))?[^"]*)"/.exec(answer?.stderr ?? '');
  const [, version = '', first = '0', second] = found ?? [];
  // Java 8 called itself 1.8.
  const major = Number(first === '1' ? second : first);
  if (major >= 17) return { command, version };
  const what = major === 0 ? `no usable Java (${command})` : `Java ${major} (${command})`;
  throw new InfraError(
    'no-java',
    `Apache Kafka needs Java 17 or newer; found ${what}. Install one (apt install openjdk-17-jre-headless, brew install openjdk), start Docker, or name a Kafka in PAIDAN_KAFKA_BROKERS.`,
  );
}

/**
 * Options that let the JVM take Kafka's classes ready-made from an archive beside the jars, and `keep`, to be called after an orderly end: the first
 * run writes that archive when it ends. Measured: 1.8 s and 2.1 s of CPU until the broker answers instead of 4.8 s and 3.7 s, 295 MB resident instead of 340.
 */
export async function classArchive(
  jars: string,
  { version }: Java,
): Promise<{ readonly options: readonly string[]; readonly keep: () => Promise<void> }> {
  const archive = `${jars}.java-${version.replaceAll(/[^\w.-]/g, '_')}.jsa`;
  if (await exists(archive))
    return { options: [`-XX:SharedArchiveFile=${archive}`, '-Xlog:cds=off', '-Xlog:class+path=off'], keep: async () => undefined };
  // Renamed when whole: a broker killed while it writes must not leave half an archive to the next.
  const writing = `${archive}.${process.pid}-${Date.now()}`;
  async function keep(): Promise<void> {
    if (!(await exists(writing))) return;
    await rename(writing, archive);
    const halves = (await readdir(dirname(archive))).filter((name) => name.startsWith(`${basename(archive)}.`));
    for (const name of halves) await rm(join(dirname(archive), name), { force: true });
  }
  return { options: [`-XX:ArchiveClassesAtExit=${writing}`, '-Xlog:cds=off'], keep };
}
