/** A channel whose call-back points into a private range. */
export const PRIVATE_CHANNEL = 'mail-mayor';

/** The table of channels with such a call-back, and the secret that it would be signed with. */
export const withPrivateCallback = (table: string, secretFile: string): string =>
  table
    .trimEnd()
    .split('\n')
    .map((line, at) => {
      if (at === 0) return `${line},callback_url,callback_secret_file`;
      return line.startsWith(`${PRIVATE_CHANNEL},`) ? `${line},https://10.1.2.3/replies,${secretFile}` : `${line},,`;
    })
    .concat('')
    .join('\n');
