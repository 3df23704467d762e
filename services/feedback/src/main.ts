import { runService } from '@paidan/service-host';
import { readConfig } from './config.js';
import { feedbackService } from './feedback.module.js';

await runService('feedback', () => feedbackService(readConfig()));
