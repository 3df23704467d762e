import { fileURLToPath } from 'node:url';
import { documents } from './documents.js';
import { driftOf, writeDocuments } from './drift.js';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';

const generated = fileURLToPath(new URL('../generated/', import.meta.url));

interface AsyncApi {
  readonly channels: Record<string, { readonly address: string; readonly messages: Record<string, unknown> }>;
  readonly operations: Record<string, { readonly action: string; readonly messages?: readonly { readonly $ref: string }[] }>;
  readonly components: { readonly messages: Record<string, { readonly examples: readonly unknown[] }> };
}
const document = JSON.parse(documents().get('asyncapi.json') ?? '') as AsyncApi;

const at = (pointer: string): unknown =>
  pointer
    .slice(2)
    .split('/')
    .reduce<unknown>(
      (node, key) => (node as Record<string, unknown> | undefined)?.[key.replaceAll('~1', '/').replaceAll('~0', '~')],
      document,
    );

const refsIn = (node: unknown): string[] => {
  if (typeof node !== 'object' || node === null) return [];
  const own = '$ref' in node && typeof node.$ref === 'string' ? [node.$ref] : [];
  return [...own, ...Object.values(node).flatMap(refsIn)];
};

describe('the generated documents', () => {
  it('are those in the repository', () => {
    expect(driftOf(generated, documents())).toEqual([]);
  });

  it('have an example of every message, and every message on some topic', () => {
    const onTopics = Object.values(document.channels).flatMap(({ messages }) => Object.keys(messages));
    const all = Object.entries(document.components.messages);
    expect(all.filter(([, { examples }]) => examples.length === 0).map(([id]) => id)).toEqual([]);
    expect([...new Set(onTopics)].sort()).toEqual(all.map(([id]) => id).sort());
    // What is told again is what was said.
    const { tickets, retold, ...others } = document.channels;
    expect(Object.keys(retold?.messages ?? {})).toEqual(Object.keys(tickets?.messages ?? {}));
    const once = [tickets, ...Object.values(others)].flatMap((channel) => Object.keys(channel?.messages ?? {}));
    expect(once).toHaveLength(new Set(once).size);
  });

  it('refer to nothing that is not there', () => {
    const refs = refsIn(document);
    expect(refs.length).toBeGreaterThan(100);
    expect(refs.filter((ref) => at(ref) === undefined)).toEqual([]);
  });

  it('say which service sends what', () => {
    expect(document.operations['intake.send.tickets']?.messages?.map(({ $ref }) => $ref.split('/').at(-1))).toEqual([
      'ticket.registered.v1',
      'ticket.supplemented.v1',
      'ticket.withdrawn.v1',
      'ticket.declined.v1',
      'ticket.snapshot.v1',
    ]);
    expect(
      Object.keys(document.operations)
        .filter((name) => !name.includes('.tickets'))
        .sort(),
    ).toEqual([
      'department-handler.receive.commands',
      'department-handler.send.assignments',
      'dispatch.send.directory',
      'feedback.send.retold',
      'intake.receive.submissions',
      'intake.send.receipts',
    ]);
  });
});

describe('drift', () => {
  const folder = mkdtempSync(join(tmpdir(), 'paidan-drift-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const wanted = new Map([
    ['a.json', '1\n'],
    ['below/b.json', '2\n'],
  ]);

  it('is named, mended, and then gone', () => {
    expect(driftOf(join(folder, 'nowhere'), wanted)).toEqual(['a.json', 'below/b.json']);
    expect(writeDocuments(folder, wanted)).toEqual(['a.json', 'below/b.json']);
    expect(driftOf(folder, wanted)).toEqual([]);
    writeFileSync(join(folder, 'a.json'), '0\n');
    writeFileSync(join(folder, 'below', 'old.json'), '3\n');
    expect(driftOf(folder, wanted)).toEqual(['a.json', 'below/old.json']);
    writeDocuments(folder, wanted);
    expect([driftOf(folder, wanted), readFileSync(join(folder, 'a.json'), 'utf8')]).toEqual([[], '1\n']);
  });
});
