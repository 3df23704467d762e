import { LogController } from './log.controller.js';
import { ParkedController } from './parked.controller.js';
import { QuarantineController } from './quarantine.controller.js';
import { RestorationController } from './restoration.controller.js';
import { OperatedTicketsController } from './tickets.controller.js';

/** What operators ask every service: `@Module({ controllers: [...OPERATORS_CONTROLLERS] })`, with its runtime under OPERATED_RUNTIME. */
export const OPERATORS_CONTROLLERS = [
  ParkedController,
  QuarantineController,
  OperatedTicketsController,
  LogController,
  RestorationController,
] as const;
