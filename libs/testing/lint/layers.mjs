// Nx stops at the edge of a project; these are the edges inside a service. Written as one rule that resolves a relative import to the folder it
// lands in: `no-restricted-imports` sees only the specifier, and so neither tells `../record.js` inside domain/ from one that leaves it, nor
// sees `import('…')`.
import { dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** What each part of a service may reach by a relative import. `composition` is `<service>.module.ts`, `main.ts` and a program's `main.ts`. */
const REACH = {
  domain: ['domain'],
  application: ['domain', 'application', 'other'],
  adapters: ['domain', 'application', 'adapters', 'config', 'other'],
  config: ['other'],
  other: ['domain', 'application', 'other'],
  composition: ['domain', 'application', 'adapters', 'config', 'other', 'composition'],
};

/** `domain/` and what it may import from outside the project. */
const DOMAIN_PACKAGES = ['@paidan/kernel', '@paidan/contracts'];
/** Types alone, gone once compiled: the shape of a decision is the runtime's to say, its code stays outside. */
const DOMAIN_TYPES = ['@paidan/runtime'];

const isTypeOnly = (node) =>
  node.importKind === 'type' ||
  node.exportKind === 'type' ||
  (node.specifiers?.length > 0 && node.specifiers.every(({ importKind, exportKind }) => importKind === 'type' || exportKind === 'type'));

function layerOf(file) {
  const [services, , src, first, ...rest] = relative(root, file).split(sep);
  if (services !== 'services' || src !== 'src' || first === undefined) return undefined;
  if (['domain', 'application', 'adapters'].includes(first)) return first;
  if (rest.length > 0) return rest.length === 1 && rest[0] === 'main.ts' ? 'composition' : 'other';
  const name = first.replace(/\.(ts|js)$/, '');
  if (name === 'config') return 'config';
  return name === 'main' || name.endsWith('.module') ? 'composition' : 'other';
}

const layers = {
  meta: {
    type: 'problem',
    docs: { description: 'keeps domain/ pure and adapters/ known to the composition root alone' },
    schema: [],
    messages: {
      reach: "{{from}} may not import {{to}} ('{{source}}')",
      package: "domain/ imports nothing from outside but {{allowed}}: time, ids and infrastructure are handed in ('{{source}}')",
    },
  },
  create(context) {
    const file = context.filename;
    const from = layerOf(file);
    // Integration tests compose a service as its module does.
    if (from === undefined || /\.(int\.spec|e2e\.spec|kit)\.ts$/.test(file)) return {};
    const isSpec = file.endsWith('.spec.ts');

    function check(node, source) {
      if (typeof source !== 'string') return;
      if (source.startsWith('.')) {
        const to = layerOf(resolve(dirname(file), source));
        // Out of src/ altogether: another project is Nx's to report, but the domain of a service has nothing to fetch there.
        if (to === undefined ? from === 'domain' : !REACH[from].includes(to)) {
          context.report({ node, messageId: 'reach', data: { from, to: to ?? 'what lies outside src/', source } });
        }
      } else if (
        from === 'domain' &&
        !isSpec &&
        !DOMAIN_PACKAGES.includes(source) &&
        !(DOMAIN_TYPES.includes(source) && isTypeOnly(node))
      ) {
        context.report({ node, messageId: 'package', data: { allowed: DOMAIN_PACKAGES.join(' and '), source } });
      }
    }

    return {
      ImportDeclaration: (node) => check(node, node.source.value),
      ExportAllDeclaration: (node) => check(node, node.source.value),
      ExportNamedDeclaration: (node) => check(node, node.source?.value),
      ImportExpression: (node) => check(node, node.source.value),
    };
  },
};

export default { meta: { name: 'paidan' }, rules: { layers } };
