'use strict';
// Our sources import each other as './x.js' (what Node runs after the build) while the tests run './x.ts'. A moduleNameMapper would
// rewrite the imports of every package in node_modules too, and some ship .ts beside .js; so only importers outside node_modules are mapped.
const { sep } = require('node:path');

const packages = `${sep}node_modules${sep}`;
const alias = { extensionAlias: { '.js': ['.ts', '.js'] } };

function resolve(path, options) {
  const ours = path.startsWith('.') && !options.basedir.includes(packages);
  return options.defaultResolver(path, ours ? { ...options, ...alias } : options);
}

module.exports = { sync: resolve };
