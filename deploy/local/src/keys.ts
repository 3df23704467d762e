import { keysCommand } from './keys-command.js';
import { defaultDataDir } from './settings.js';

const outcome = await keysCommand(process.argv.slice(2), defaultDataDir());
if ('text' in outcome) {
  console.log(outcome.text);
} else {
  console.error(outcome.wrong);
  process.exitCode = 1;
}
