export default async function teardown() {
  await globalThis.paidanTestInfra?.stop();
}
