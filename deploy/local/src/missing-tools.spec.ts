import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { whyNotDocker } from './docker.js';
import { classArchive, findJava, kafkaJars } from './kafka-jars.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'paidan-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A command of that name which does what the shell script says. */
function pretend(name: string, script: string): NodeJS.ProcessEnv {
  mkdirSync(join(folder, 'bin'), { recursive: true });
  writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'bin', name), 0o755);
  return { PATH: join(folder, 'bin') };
}
const nothing = { PATH: '/nowhere' };
const quiet = (): void => undefined;

describe('Docker', () => {
  const cases: readonly [string, string, string | undefined][] = [
    ['the client without a daemon', 'exit 1', 'no Docker daemon answers'],
    ['the image is here', 'exit 0', undefined],
    ['the image is pulled', 'case "$1" in image) exit 1;; *) exit 0;; esac', undefined],
    [
      'no image to be had',
      'case "$1" in version) exit 0;; *) exit 1;; esac',
      'the image postgres:18 is not here and could not be pulled within two minutes',
    ],
  ];
  it.each(cases)('%s', async (_what, script, expected) => {
    expect(await whyNotDocker('postgres:18', quiet, pretend('docker', script))).toBe(expected);
  });
  it('is not installed', async () => {
    expect(await whyNotDocker('postgres:18', quiet, nothing)).toBe('Docker is not installed');
  });
});

describe('Java', () => {
  it('is missing', async () => {
    await expect(findJava(nothing)).rejects.toMatchObject({
      code: 'no-java',
      message: expect.stringMatching(/needs Java 17.*apt install.*PAIDAN_KAFKA_BROKERS/) as unknown,
    });
  });
  it.each([
    ['11.0.2', 'found Java 11'],
    ['1.8.0_412', 'found Java 8'],
  ])('%s is too old', async (version, found) => {
    const env = pretend('java', `echo 'openjdk version "${version}"' >&2`);
    await expect(findJava({ ...env, JAVA_HOME: folder })).rejects.toMatchObject({
      code: 'no-java',
      message: expect.stringContaining(found) as unknown,
    });
  });
  it.each(['17', '21.0.4', '25'])('%s will do', async (version) => {
    const env = pretend('java', `echo 'openjdk version "${version}" 2026-01-01' >&2`);
    expect(await findJava({ ...env, JAVA_HOME: folder })).toEqual({ command: join(folder, 'bin', 'java'), version });
    expect(await findJava(env)).toEqual({ command: 'java', version });
  });
});

describe('the jars', () => {
  const jars = (env: NodeJS.ProcessEnv): Promise<string> => kafkaJars(quiet, { ...env, PAIDAN_KAFKA_JARS: join(folder, 'jars') });

  it('ask for Maven when there is none', async () => {
    await expect(jars(nothing)).rejects.toMatchObject({
      code: 'no-maven',
      message: expect.stringContaining('no mvn on the PATH') as unknown,
    });
  });

  it('give the first cause that Maven names, and leave no half-filled folder', async () => {
    const env = pretend('mvn', `echo '[ERROR] Could not transfer artifact: Network is unreachable'; echo '[ERROR] Re-run with -X'; exit 1`);
    await expect(jars(env)).rejects.toMatchObject({
      code: 'kafka-jars-missing',
      message: expect.stringMatching(/: Could not transfer artifact: Network is unreachable\n/) as unknown,
    });
    await expect(jars(pretend('mvn', 'exit 0'))).rejects.toMatchObject({ code: 'kafka-jars-missing' });
  });

  it('are fetched once, then used without Maven', async () => {
    const fetching = pretend('mvn', 'for last; do :; done; : > "${last#-DoutputDirectory=}/kafka_2.13-4.1.1.jar"');
    const first = await jars(fetching);
    expect(await jars(nothing)).toBe(first);
  });

  it('have an archive of classes beside them, once a broker has ended in good order', async () => {
    const beside = join(folder, 'jars', 'abc');
    mkdirSync(beside, { recursive: true });
    const java = { command: 'java', version: '17.0.15+6' };
    const first = await classArchive(beside, java);
    const file = /^-XX:ArchiveClassesAtExit=(.*)$/.exec(first.options[0] ?? '')?.[1] ?? '';
    // A broker that was killed wrote nothing: the next one tries again.
    await first.keep();
    expect((await classArchive(beside, java)).options[0]).toMatch('-XX:ArchiveClassesAtExit=');
    writeFileSync(file, 'classes');
    await first.keep();
    expect((await classArchive(beside, java)).options[0]).toBe(`-XX:SharedArchiveFile=${beside}.java-17.0.15_6.jsa`);
    expect((await classArchive(beside, { ...java, version: '21.0.1' })).options[0]).toMatch('-XX:ArchiveClassesAtExit=');
  });
});
