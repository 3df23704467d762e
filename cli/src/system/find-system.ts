import { SERVICES } from '@paidan/contracts';
import { defaultDataDir, findSystem as findLocal } from '@paidan/local';
import { Misuse, misused } from '@paidan/local/call';
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { readServices, type ServiceAt } from './services-file.js';

/** As whom services are asked; a token that the environment names is whatever it is. */
export type AskingRole = 'operator' | 'supervisor';

/** The system that is asked. */
export interface System {
  readonly services: readonly ServiceAt[];
  /** An operator's, unless another role is asked for; asked for only where it is needed. */
  readonly token: (role?: AskingRole) => Promise<string>;
}

/** A token of our own is for this call alone. */
const MINUTES = 5 * 60;

/** The services that a file names, else those of the local run. @throws Misuse where there is neither */
export async function findSystem(file: string | undefined, env: NodeJS.ProcessEnv): Promise<System> {
  const { PAIDAN_SERVICES: named = '', PAIDAN_TOKEN: given = '', PAIDAN_TOKEN_FILE: tokenFile = '' } = env;
  const ofEnvironment = async (): Promise<string | undefined> => given || (tokenFile === '' ? undefined : readToken(tokenFile));
  const from = file ?? named;
  if (from !== '') {
    return {
      services: inOrder(await readServices(from)),
      token: async (role = 'operator') =>
        (await ofEnvironment()) ??
        misused(
          `${role === 'operator' ? 'an operator' : `a ${role}`}’s token is needed: PAIDAN_TOKEN, or PAIDAN_TOKEN_FILE with the name of a file`,
        ),
    };
  }
  const dataDir = defaultDataDir(env);
  const local = await findLocal(dataDir);
  if (local === undefined) throw new Misuse(`No system runs on ${dataDir}: npm start starts one; --services FILE names another.`);
  const { urls, metricsUrls, keys } = local;
  return {
    services: inOrder(Object.entries(urls).map(([name, url]) => ({ name, url, metricsUrls: [metricsUrls[name] ?? url] }))),
    // Whoever may read its signing key may have any role; the log gets the account's name.
    token: async (role = 'operator') =>
      (await ofEnvironment()) ?? keys.token({ sub: userInfo().username, roles: [role], lifetimeSeconds: MINUTES }),
  };
}

/** In the order in which a ticket gets to them. */
const inOrder = (services: readonly ServiceAt[]): ServiceAt[] => {
  const place = ({ name }: ServiceAt): number => SERVICES.findIndex((service) => service === name);
  return [...services].sort((a, b) => place(a) - place(b));
};

const readToken = async (file: string): Promise<string> =>
  (
    await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) =>
      misused(`PAIDAN_TOKEN_FILE ${file} can’t be read: ${error.code ?? error.message}`),
    )
  ).trim();
