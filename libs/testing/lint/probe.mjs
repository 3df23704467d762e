// Lints texts under paths that don't exist, in a process of its own: Jest's module registry knows neither Nx's native binding nor a second ESLint.
// stdin: [{ file, text, typed? }]; stdout: { projects, results: [[{ ruleId, messageId, message }]] }
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

process.env.NX_DAEMON = 'false';
// With CI=true the parser takes a short cut on which a text without a program loses its compiler options (decorator metadata among them).
process.env.TSESTREE_SINGLE_RUN = 'false';
process.chdir(join(import.meta.dirname, '../../..'));

const { createProjectGraphAsync } = await import('@nx/devkit');
// The rule about module boundaries reads the graph that this leaves behind; without one it passes everything.
const graph = await createProjectGraphAsync({ exitOnError: false, resetDaemonClient: true });

const { ESLint } = await import('eslint');
const tseslint = (await import('typescript-eslint')).default;
// A path that doesn't exist is in no program: typed rules are tried on the text of a path that does.
const untyped = new ESLint({ overrideConfig: [{ files: ['**/*.ts'], ...tseslint.configs.disableTypeChecked }] });
const typed = new ESLint();

const results = [];
for (const { file, text: source, typed: needsTypes } of JSON.parse(await text(process.stdin))) {
  const [result] = await (needsTypes ? typed : untyped).lintText(source, { filePath: file });
  results.push(result?.messages.map(({ ruleId, messageId, message }) => ({ ruleId, messageId, message })) ?? []);
}

const projects = Object.values(graph.nodes).map(({ name, type, data }) => ({ name, type, root: data.root, tags: data.tags ?? [] }));
process.stdout.write(JSON.stringify({ projects, results }), () => process.exit(0));
