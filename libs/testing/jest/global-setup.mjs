// One Postgres and one Kafka for all integration and end-to-end tests of a run. Jest calls this once, and only when such a test is selected.
import './register-ts.mjs';

export default async function setup() {
  const { startTestInfra, publishInfra } = await import('../src/infra.ts');
  const infra = await startTestInfra({ onProgress: (line) => console.log(`test infrastructure: ${line}`) });
  publishInfra(infra);
  globalThis.paidanTestInfra = infra;
}
