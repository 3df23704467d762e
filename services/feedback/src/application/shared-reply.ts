/** As long as a reply may be; in characters, as contracts have it. */
const LONGEST = 20_000;

const NOTE = [
  '您反映的事项与其他诉求为同一事项，已一并办理，以下为该事项的答复；文中称呼如与您不符，系另一位诉求人。',
  'Your appeal is about the same matter as another and was worked on together with it. This is the answer to that matter; if it addresses somebody else, that is who wrote as well.',
].join('\n');

const wholeNumber = (number: string): RegExp => new RegExp(`(?<![\\d-])${number.replace(/[^\d]/g, '\\$&')}(?![\\d-])`, 'g');

/**
 * A master's reply as a member's citizen gets it: with a word of what it is, and the citizen's own number where it quotes the master's. One so long that the
 * word has no room goes without.
 */
export function forMember(text: string, masterNumber: string, ownNumber: string): string {
  const own = text.replace(wholeNumber(masterNumber), ownNumber);
  const whole = `${NOTE}\n\n${own}`;
  return [...whole].length > LONGEST ? own : whole;
}
