import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { healthAnswer, type Health } from '../health.js';
import type { ProblemCatalogue, ProblemKind } from '../problems/catalogue.js';

const escape = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

const STYLE =
  'body{font:16px/1.6 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}code{background:#eee;padding:.1em .3em}';
const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
const DOCS_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

const sendPage = (reply: FastifyReply, title: string, body: string): void => {
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escape(title)}</title><style>${STYLE}</style>${body}</html>`;
  void reply.header('content-security-policy', PAGE_POLICY).type('text/html; charset=utf-8').send(html);
};

/** Addresses open to everybody, beside Nest's router and so beside its guard. */
export const addOpenPages = (
  fastify: FastifyInstance,
  options: { readonly service: string; readonly health: Health; readonly problems: ProblemCatalogue; readonly openApi: () => object },
): void => {
  const { health, problems, openApi, service } = options;

  for (const path of ['/health/live', '/health/ready']) {
    fastify.get(path, async (_request, reply) => {
      const answer = await healthAnswer(health, path);
      return reply.code(answer?.status ?? 500).send(answer?.body);
    });
  }

  const kinds = Object.entries(problems).sort(([a], [b]) => a.localeCompare(b));
  const shown = (code: string, kind: ProblemKind) => ({ type: `/problems/${code}`, code, ...kind });
  fastify.get('/problems', (request, reply) => {
    if (!wantsPage(request.headers.accept)) return reply.send({ problems: kinds.map(([code, kind]) => shown(code, kind)) });
    const rows = kinds.map(
      ([code, kind]) =>
        `<li>${kind.status} <a href="problems/${code}"><code>${code}</code></a> ${escape(kind.title)} · ${escape(kind.titleZh)}`,
    );
    sendPage(reply, 'Problems', `<h1>Problems</h1><ul>${rows.join('')}</ul>`);
    return reply;
  });
  fastify.get<{ Params: { code: string } }>('/problems/:code', (request, reply) => {
    const { code } = request.params;
    const kind = Object.hasOwn(problems, code) ? problems[code] : undefined;
    if (kind === undefined) throw Object.assign(new Error('no such problem'), { code: 'not-found', status: 404 });
    if (!wantsPage(request.headers.accept)) return reply.send(shown(code, kind));
    const advice = kind.advice === undefined ? '' : `<p>${escape(kind.advice)}`;
    sendPage(
      reply,
      code,
      `<h1>${escape(kind.title)}</h1><p lang="zh">${escape(kind.titleZh)}<p>HTTP ${kind.status}, <code>${code}</code>${advice}`,
    );
    return reply;
  });

  let document: string | undefined;
  fastify.get('/openapi.json', (_request, reply) => reply.type('application/json').send((document ??= JSON.stringify(openApi()))));
  addDocs(fastify, service);
};

const wantsPage = (accept: string | undefined): boolean => accept?.includes('text/html') ?? false;

/** Files of Swagger UI that the page needs, of the 20 MB that its package has. */
const ASSETS: ReadonlySet<string> = new Set(['/swagger-ui.css', '/swagger-ui-bundle.js', '/favicon-32x32.png']);

/**
 * Swagger UI from the package that @nestjs/swagger brings along, so it works without the internet. Not by `SwaggerModule.setup`: that imports
 * @fastify/static from where @nestjs/swagger is installed, which in a workspace is not where ours is; and its inline scripts would need a
 * weaker content security policy. All links are relative: the service may sit behind a path prefix.
 */
function addDocs(fastify: FastifyInstance, service: string): void {
  const nestSwagger = createRequire(createRequire(import.meta.url).resolve('@nestjs/swagger'));
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escape(service)} API</title>
<link rel="stylesheet" href="docs/swagger-ui.css"><link rel="icon" href="docs/favicon-32x32.png">
<div id="ui"></div><script src="docs/swagger-ui-bundle.js"></script><script src="docs/start.js"></script></html>`;
  const script = `SwaggerUIBundle({ url: 'openapi.json', dom_id: '#ui', deepLinking: true, persistAuthorization: true, tryItOutEnabled: true })`;
  fastify.get('/docs', (_request, reply) =>
    reply.header('content-security-policy', DOCS_POLICY).type('text/html; charset=utf-8').send(html),
  );
  fastify.get('/docs/', (_request, reply) => reply.redirect('../docs'));
  fastify.get('/docs/start.js', (_request, reply) => reply.type('text/javascript').send(script));
  void fastify.register(fastifyStatic, {
    root: dirname(nestSwagger.resolve('swagger-ui-dist/package.json')),
    prefix: '/docs/',
    decorateReply: false,
    index: false,
    allowedPath: (path) => ASSETS.has(path),
  });
}
