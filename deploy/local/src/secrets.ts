import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, InfraError } from './errors.js';

/** Passwords of the local databases by role, kept in `<dataDir>/secrets.json` for their owner alone. */
export class Secrets {
  private constructor(
    private readonly file: string,
    private readonly passwords: Map<string, string>,
  ) {}

  static async open(dataDir: string): Promise<Secrets> {
    const file = join(dataDir, 'secrets.json');
    await mkdir(dataDir, { recursive: true });
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return '{}';
      throw error;
    });
    try {
      return new Secrets(file, new Map(Object.entries(JSON.parse(text) as Record<string, string>)));
    } catch (error) {
      throw new InfraError('secrets-unreadable', `${file} is damaged. Run npm run reset to begin with new data and new passwords.`, {
        cause: error,
      });
    }
  }

  find(role: string): string | undefined {
    return this.passwords.get(role);
  }

  /** The role's password, made and written down at first use. */
  async passwordOf(role: string): Promise<string> {
    const known = this.passwords.get(role);
    if (known !== undefined) return known;
    const made = randomBytes(24).toString('base64url');
    this.passwords.set(role, made);
    // Renamed into place: a crash half-way must not cost the password of a database that is already there.
    await writeFile(`${this.file}.new`, JSON.stringify(Object.fromEntries(this.passwords), null, 2), { mode: 0o600 });
    await rename(`${this.file}.new`, this.file);
    return made;
  }
}
