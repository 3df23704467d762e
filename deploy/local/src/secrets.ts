import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readJson, writePrivateJson } from './private-file.js';

/** Passwords of the local databases by role, kept in `<dataDir>/secrets.json` for their owner alone. */
export class Secrets {
  private constructor(
    private readonly file: string,
    private readonly passwords: Map<string, string>,
  ) {}

  static async open(dataDir: string): Promise<Secrets> {
    const file = join(dataDir, 'secrets.json');
    return new Secrets(file, new Map(Object.entries(await readJson<Record<string, string>>(file, {}))));
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
    await writePrivateJson(this.file, Object.fromEntries(this.passwords));
    return made;
  }
}
