import { runService } from '@paidan/service-host';
import { readConfig } from './config.js';
import { slaService } from './sla-monitor.module.js';

await runService('sla-monitor', () => slaService(readConfig()));
