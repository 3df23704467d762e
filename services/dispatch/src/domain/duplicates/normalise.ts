/** What is read of a message, in UTF-16 units after folding: the longest of 4,326 real ones has 7,020, and a text of 100 KB costs no more than that. */
export const READ_UNITS = 8_192;

/**
 * Said in every third message, whatever it is about: salutations, thanks, and the wish that somebody may see to it. Without them fewer messages of
 * different matters look alike (pairs of 0.2 and more that aren't the same: 39 instead of 43), and none that are the same get lost.
 */
const BOILERPLATE =
  /尊敬的[^，,：:。！!\n]{0,12}?(?:领导|书记|市长|局长|县长|区长|主任)们?|您好|你好|大家好|谢谢|感谢您?|此致|敬礼|望(?:有关|相关|政府)?部门|请(?:有关|相关)部门|恳请|盼(?:回复|解决|重视)|希望/g;

const NOT_A_WORD = /[^\p{L}\p{N}]+/gu;

/**
 * The text as it is compared: full-width forms and capitals folded, without blanks, punctuation and boilerplate. Digits stay as they are: a house or a bus
 * line is often all that tells two messages apart, and folding them found nothing more (583 pairs of 0.2 and more instead of 585).
 */
export const comparable = (title: string, text: string): string =>
  `${title}\n${text}`
    // Before and after, since one unit can be folded into eighteen. Twice as much as is read: some of it is dropped.
    .slice(0, READ_UNITS * 2)
    .normalize('NFKC')
    .slice(0, READ_UNITS * 2)
    .toLowerCase()
    .replace(BOILERPLATE, '')
    .replace(NOT_A_WORD, '')
    .slice(0, READ_UNITS);
