import { RetryLater, type Decide } from '@paidan/runtime';
import type { WorkCommand } from '../domain/commands.js';
import type { Facts } from '../domain/facts.js';
import type { WorkItem } from '../domain/work-item.js';

type DecideWork = Decide<WorkItem, Facts, WorkCommand>;

/** An assignment decided under a directory that hasn't arrived names units we may not know: the partition waits for it. */
export const waitForDirectory =
  (decide: DecideWork): DecideWork =>
  (item, message, context) => {
    if (message.kind === 'event' && message.event.name === 'ticket.assigned') {
      const needed = message.event.payload.directoryVersion;
      const { version } = context.facts.directory;
      if (needed > version) throw new RetryLater(`decided under directory ${needed}, here is ${version}`);
    }
    return decide(item, message, context);
  };
