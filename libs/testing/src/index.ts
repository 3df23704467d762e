export {
  type OwnInfra,
  ownInfra,
  replaceKafka,
  type SharedInfra,
  sharedInfra,
  type TestDatabase,
  testDatabase,
  type TestDatabaseOptions,
  testPrefix,
  type TestTopics,
  testTopics,
} from './infra.js';
export { until } from './until.js';
