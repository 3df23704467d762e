/** A text as the classifier reads it: what the segmented and the raw form of a message have in common. */
export interface Letters {
  /** Folded code units: Chinese characters and Latin letters in lower case. */
  readonly units: Uint16Array;
  /** Where each stands in the text. */
  readonly places: Int32Array;
  readonly length: number;
}

const HALF_TO_FULL = 0xfee0;

/**
 * What each code unit is read as; 0 is passed over. Blanks, digits and punctuation are: segmented texts have other ones than raw texts. So is
 * what lies beyond the basic plane, and with it every lone surrogate.
 */
const READ_AS = ((): Uint16Array => {
  const table = new Uint16Array(0x10000);
  for (let unit = 0x3400; unit <= 0x9fff; unit++) table[unit] = unit;
  for (let letter = 0x61; letter <= 0x7a; letter++) {
    for (const form of [letter, letter - 32]) table[form] = table[form + HALF_TO_FULL] = letter;
  }
  return table;
})();

/** Linear in the text; 100 KB take about a millisecond. */
export const lettersOf = (text: string): Letters => {
  const units = new Uint16Array(text.length);
  const places = new Int32Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = READ_AS[text.charCodeAt(at)] as number;
    if (unit === 0) continue;
    units[length] = unit;
    places[length] = at;
    length++;
  }
  return { units, places, length };
};
