const PREFIX = 'whsec_';

/**
 * A secret as Standard Webhooks writes it: `whsec_` and 24 to 64 bytes in base64 (`openssl rand -base64 32`).
 * @throws Error that doesn't quote it
 */
export const secretIn = (text: string): string => {
  const secret = text.trim();
  const encoded = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : '';
  const bytes = /^[A-Za-z0-9+/]+={0,2}$/.test(encoded) ? Buffer.from(encoded, 'base64').length : 0;
  if (bytes < 24 || bytes > 64) throw new Error('callback_secret_file must hold whsec_ and 24 to 64 bytes in base64');
  return secret;
};
