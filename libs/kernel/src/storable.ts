// With the u flag a surrogate pair is one code point, so \p{Surrogate} finds lone halves only.
const UNSTORABLE = /\0|\p{Surrogate}/u;

/** Whether Postgres can keep a text, as `text` and inside `jsonb`. */
export const isStorable = (text: string): boolean => !UNSTORABLE.test(text);
