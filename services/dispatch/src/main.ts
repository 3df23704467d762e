import { runService } from '@paidan/service-host';
import { readConfig } from './config.js';
import { dispatchService } from './dispatch.module.js';

await runService('dispatch', () => dispatchService(readConfig()));
