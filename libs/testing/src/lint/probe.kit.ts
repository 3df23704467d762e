import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export interface Source {
  /** Relative to the root of the workspace; it need not exist, unless the rule asks for types or follows imports. */
  file: string;
  text: string;
  /** Lint with type information. */
  typed?: boolean;
}

export interface Finding {
  ruleId: string | null;
  messageId?: string;
  message: string;
}

export interface Project {
  name: string;
  /** Nx's word for projectType: `app` can't be imported by anyone, `lib` can. */
  type: string;
  root: string;
  tags: string[];
}

export interface Probed {
  projects: Project[];
  /** One list for each source, in order. */
  results: Finding[][];
}

/** Lints texts under paths of choice with the real configuration, and reads the workspace as Nx sees it. */
export async function probe(sources: readonly Source[]): Promise<Probed> {
  const script = fileURLToPath(new URL('../../lint/probe.mjs', import.meta.url));
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(JSON.stringify(sources));
  const [out, err, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.once('close', resolve)),
  ]);
  if (code !== 0) throw new Error(`The lint probe ended with ${String(code)}:\n${out}\n${err}`);
  return JSON.parse(out) as Probed;
}
