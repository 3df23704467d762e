import { startEmbeddedKafka } from '@paidan/local';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';

/** What a Kafka had in it that was lost: put aside, to be held against what its services say again. */
export class LostKafka {
  private constructor(private readonly folder: string) {}

  /** Takes its data away from a Kafka that doesn't run. With the system's data folder it goes. */
  static async putAside(dataDir: string): Promise<LostKafka> {
    const folder = join(dataDir, 'kafka', 'lost');
    await mkdir(join(folder, 'kafka'), { recursive: true });
    await rename(join(dataDir, 'kafka', 'log'), join(folder, 'kafka', 'log'));
    return new LostKafka(folder);
  }

  /** Runs it once more, elsewhere, to be read. */
  open(): ReturnType<typeof startEmbeddedKafka> {
    return startEmbeddedKafka({ dataDir: this.folder, port: 0, ephemeral: false, onProgress: () => undefined });
  }
}
