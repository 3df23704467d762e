import { type Probed, probe, type Source } from './probe.kit.js';
import { PROBES } from './probes.kit.js';

// A rule nobody has seen fail may be switched off, misspelled or blind: each is fed what it must catch and what it must leave alone.

const TYPES = ['kernel', 'contracts', 'runtime', 'host', 'testing', 'local', 'service', 'cli', 'checks'];
const SCOPES = ['shared', 'deploy', 'cli', 'checks', 'intake', 'dispatch', 'department-handler', 'sla-monitor', 'feedback'];

const oneOf = (words: readonly string[]) => new RegExp(`^(${words.join('|')})$`);

const source = (given: readonly [file: string, text: string], typed: boolean | undefined): Source => ({
  file: given[0],
  text: `${given[1]}\n`,
  ...(typed ? { typed } : {}),
});

describe('the lint of the workspace', () => {
  let probed: Probed;

  beforeAll(async () => {
    probed = await probe(PROBES.flatMap(({ bad, good, typed }) => [source(bad, typed), source(good, typed)]));
  }, 180_000);

  it.each(PROBES.map((one, index) => ({ ...one, index })))('$rule: $why', ({ rule, messageId, index }) => {
    const [bad, good] = probed.results.slice(2 * index);
    const expected = expect.objectContaining({ ruleId: rule, ...(messageId ? { messageId: expect.stringMatching(messageId) } : {}) });
    expect(bad).toContainEqual(expected);
    expect(good).toEqual([]);
  });

  it('knows every project by exactly one type and one scope: a misspelled tag loses its rules in silence', () => {
    const tags = (dimension: string, of: string[]) => of.filter((tag) => tag.startsWith(`${dimension}:`)).map((tag) => tag.split(':')[1]);
    expect(probed.projects.length).toBeGreaterThanOrEqual(13);
    for (const { name, tags: given } of probed.projects) {
      expect({ name, type: tags('type', given) }).toEqual({ name, type: [expect.stringMatching(oneOf(TYPES))] });
      expect({ name, scope: tags('scope', given) }).toEqual({ name, scope: [expect.stringMatching(oneOf(SCOPES))] });
      // npm:private is Nx's own
      expect({ name, others: given.filter((tag) => !/^(type|scope|npm):/.test(tag)) }).toEqual({ name, others: [] });
    }
  });

  it('has services, checks and the operators’ tool as applications, which nobody can import, and the rest as libraries', () => {
    for (const { name, root, type, tags } of probed.projects) {
      const application = root.startsWith('services/') || root === 'checks' || root === 'cli';
      expect({ name, type }).toEqual({ name, type: application ? 'app' : 'lib' });
      if (root.startsWith('services/')) expect(tags).toEqual(expect.arrayContaining(['type:service', `scope:${root.split('/')[1]}`]));
    }
  });
});
