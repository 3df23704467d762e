import { forMember } from './shared-reply.js';

const [MASTER, OWN] = ['20261123-000001', '20261123-000002'];

describe('a master’s reply for a member', () => {
  it('says in both languages that it is the answer to the same matter, and names no other number', () => {
    const text = forMember(`工单${MASTER}已办结，见 ${MASTER}。`, MASTER, OWN);
    expect(text).toMatch(/同一事项[^]*the same matter/);
    expect(text).toContain(`\n\n工单${OWN}已办结，见 ${OWN}。`);
    expect(text).not.toContain(MASTER);
  });

  it('leaves other numbers as they are', () => {
    for (const other of [`${MASTER}7`, `1${MASTER}`, `${MASTER}-2`, '20261123-000003'])
      expect(forMember(`见${other}`, MASTER, OWN)).toContain(`\n\n见${other}`);
  });

  it('stays within what a reply may be long', () => {
    const long = '长'.repeat(20_000);
    expect(forMember(long, MASTER, OWN)).toBe(long);
    expect([...forMember('长'.repeat(19_000), MASTER, OWN)].length).toBeLessThanOrEqual(20_000);
  });
});
