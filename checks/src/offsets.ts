import type { Admin } from 'kafkajs';
import { setTimeout as delay } from 'node:timers/promises';

/** A partition has no leader for a moment when its broker stalled, and kafkajs' admin passes that on at once. */
const PATIENCE_MS = 15_000;

/** Where each partition of a topic begins and ends. @throws what Kafka said, when it goes on saying it */
export async function topicOffsets(admin: Pick<Admin, 'fetchTopicOffsets'>, topic: string): ReturnType<Admin['fetchTopicOffsets']> {
  for (const end = Date.now() + PATIENCE_MS; ; await delay(250))
    try {
      return await admin.fetchTopicOffsets(topic);
    } catch (error) {
      if (!(error as { readonly retriable?: boolean }).retriable || Date.now() > end) throw error;
    }
}
