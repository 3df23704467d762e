import { runService } from '@paidan/service-host';
import { readConfig } from './config.js';
import { departmentService } from './department-handler.module.js';

await runService('department-handler', () => departmentService(readConfig()));
