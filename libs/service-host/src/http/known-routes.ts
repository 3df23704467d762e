import type { FastifyInstance } from 'fastify';

/**
 * Which methods an address takes: find-my-way says 404 for a wrong method as for a wrong path, and Fastify's `hasRoute` wants the pattern,
 * not the address. Asked only once nothing was found, so it may be slow.
 */
export class KnownRoutes {
  readonly #patterns = new Map<string, { readonly matches: RegExp; readonly methods: Set<string> }>();

  /** Must be called before any route is registered. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ url, method }) => {
      const pattern = this.#patterns.get(url) ?? { matches: toRegExp(url), methods: new Set<string>() };
      this.#patterns.set(url, pattern);
      for (const one of Array.isArray(method) ? method : [method]) pattern.methods.add(one.toUpperCase());
    });
  }

  methodsOf(address: string): string[] {
    const path = address.split('?', 1)[0] ?? '';
    const methods = new Set<string>();
    for (const pattern of this.#patterns.values()) {
      if (pattern.matches.test(path)) for (const method of pattern.methods) methods.add(method);
    }
    return [...methods].sort();
  }
}

const toRegExp = (url: string): RegExp => {
  const source = url
    .split('/')
    .map((part) => (part.includes(':') ? '[^/]+' : part === '*' ? '.*' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
    .join('/');
  return new RegExp(`^${source}/?$`);
};
