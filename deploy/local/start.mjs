// npm start, npm run reset
import { prepare } from './prepare.mjs';

await prepare();
const { main } = await import('./dist/start.js');
process.exit(await main(process.argv.slice(2)));
