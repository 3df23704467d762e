import { runService } from '@paidan/service-host';
import { readConfig } from './config.js';
import { intakeService } from './intake.module.js';

await runService('intake', () => intakeService(readConfig()));
