import type { Service } from '@paidan/contracts';
import { Misuse } from '@paidan/local/call';
import { ask, Refused, Unreachable } from './ask.js';
import type { System } from './find-system.js';
import type { ServiceAt } from './services-file.js';

/** @throws Misuse for a service that the system doesn't have */
export function serviceOf({ services }: System, name: Service): ServiceAt {
  const found = services.find((service) => service.name === name);
  if (found === undefined) throw new Misuse(`this system has no ${name}: it has ${services.map((service) => service.name).join(', ')}`);
  return found;
}

/** The service that is named, else all. @throws Misuse for one that the system doesn't have */
export const chosen = (system: System, { service }: { readonly service?: Service }): readonly ServiceAt[] =>
  service === undefined ? system.services : [serviceOf(system, service)];

/** What each of several services answered, and why the rest did not. */
export interface Answers<T> {
  readonly found: readonly { readonly service: string; readonly answer: T }[];
  readonly missing: readonly string[];
}

/**
 * Asks several services the same; one that doesn't answer, or refuses, leaves the others' answers.
 * @throws Refused, Unreachable where none answers
 */
export async function askAll<T>(services: readonly ServiceAt[], question: (service: ServiceAt) => Promise<T>): Promise<Answers<T>> {
  const found: { service: string; answer: T }[] = [];
  const failed: (Refused | Unreachable)[] = [];
  const answers = await Promise.allSettled(services.map(question));
  for (const [at, { name }] of services.entries()) {
    const settled = answers[at];
    if (settled?.status === 'fulfilled') found.push({ service: name, answer: settled.value });
    else if (settled?.reason instanceof Refused || settled?.reason instanceof Unreachable) failed.push(settled.reason);
    else throw settled?.reason;
  }
  const missing = failed.map(({ message }) => message);
  if (found.length > 0) return { found, missing };
  throw failed.find((failure) => failure instanceof Refused) ?? new Unreachable(missing.join('\n'));
}

/**
 * The same for what not every service has: one that refuses with the code `nothing` is left out.
 * @throws Refused, Unreachable where none answers
 */
export async function askThoseThatHave<T>(
  services: readonly ServiceAt[],
  path: string,
  token: string,
  nothing: string,
): Promise<Answers<T>> {
  const { found, missing } = await askAll(services, async (service) => {
    try {
      return await ask<T>(service, path, token);
    } catch (error) {
      if (error instanceof Refused && error.code === nothing) return undefined;
      throw error;
    }
  });
  return { found: found.flatMap(({ service, answer }) => (answer === undefined ? [] : [{ service, answer }])), missing };
}
