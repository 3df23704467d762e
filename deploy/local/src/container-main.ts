import { containerCommand } from './container.js';
import { describe, InfraError } from './errors.js';

try {
  console.log(await containerCommand(process.argv.slice(2), process.env));
} catch (error) {
  console.error(error instanceof InfraError ? error.message : error instanceof Error ? error.stack : describe(error));
  process.exitCode = 1;
}
