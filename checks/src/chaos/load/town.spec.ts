import { SubmissionV1, validateShape } from '@paidan/contracts';
import { appealFor, contactFor, NAME_MARK, otherThan, PHONE_MARK } from './town.js';

const channels = { http: ['web-portal', 'app-city'], kafka: ['upstream-province'] };
const town = (seed: number) => Array.from({ length: 400 }, (_, index) => appealFor(seed, index + 1, 'run', channels));

describe('the town', () => {
  it('writes the same for the same seed, and otherwise for another', () => {
    expect(town(5)).toEqual(town(5));
    expect(town(5).map(({ submission }) => submission.text)).not.toEqual(town(6).map(({ submission }) => submission.text));
  });

  it('writes what an adapter may hand in, over both ways and several channels, a few urgently', () => {
    for (const { submission } of town(5)) {
      expect(validateShape(SubmissionV1, submission)).toMatchObject({ ok: true });
      expect(validateShape(SubmissionV1, otherThan(submission))).toMatchObject({ ok: true });
    }
    expect(new Set(town(5).map(({ way, channel }) => `${way} ${channel}`)).size).toBe(3);
    const urgencies = town(5).map(({ submission }) => submission.urgency ?? 'normal');
    expect(new Set(urgencies)).toEqual(new Set(['normal', 'urgent', 'critical']));
    expect(urgencies.filter((urgency) => urgency === 'normal').length).toBeGreaterThan(300);
  });

  it('has a few people say the same once more, under an id of its own', () => {
    const texts = new Map<string, string[]>();
    for (const { submission } of town(5)) {
      const { text, contact, externalId } = submission;
      texts.set(`${text} ${contact?.phone ?? ''}`, [...(texts.get(`${text} ${contact?.phone ?? ''}`) ?? []), externalId]);
    }
    const again = town(5).length - texts.size;
    expect(again).toBeGreaterThan(4);
    expect(again).toBeLessThan(30);
    expect(new Set(town(5).map(({ submission }) => submission.externalId)).size).toBe(400);
    expect(new Set(town(5).map(({ submission }) => submission.text)).size).toBe(texts.size);
  });

  it('gives everybody a name and a number that are theirs alone and stand in no text', () => {
    const contacts = Array.from({ length: 20_000 }, (_, row) => contactFor(row + 1));
    expect(new Set(contacts.map(({ name }) => name)).size).toBe(20_000);
    expect(new Set(contacts.map(({ phone }) => phone)).size).toBe(20_000);
    for (const { submission } of town(5)) {
      expect(`${submission.title}${submission.text}`).not.toContain(NAME_MARK);
      expect(`${submission.title}${submission.text}`).not.toContain(PHONE_MARK);
    }
  });
});
