export { startInfra } from './choose.js';
export { type ContainerSpec, kafkaContainer, postgresContainer, whyNotDocker } from './docker.js';
export { InfraError, infraErrorCodes, type InfraErrorCode } from './errors.js';
export { infraKinds, type Infra, type InfraKind, type ServerHandle, type StartInfraOptions } from './infra.js';
export { freePort } from './host.js';
export { askMetadata, startEmbeddedKafka } from './kafka.js';
export { ask } from './postgres.js';
export {
  makeSchemaAnew,
  openOnlyTo,
  provision,
  provisionDatabase,
  type ProvisionPlan,
  type ServiceDatabase,
  urlOf,
  withClient,
} from './provision.js';
export { copySchema, type SchemaCopy } from './copy-schema.js';
export { createTopics, topicConfig, type TopicSpec } from './topics.js';
export { keysCommand, keysUsage } from './keys-command.js';
export type { IssuedToken } from './issued-tokens.js';
export { type ApiKeyEntry, departmentRoles, LocalKeys, personRoles, type Role, type TokenRequest } from './local-keys.js';
export { type SystemClock, timeOf } from './clock.js';
export { type CityTopics, readCity, topicsOf } from './city.js';
export { type RunningService } from './service-process.js';
export { defaultCityDir, defaultDataDir, localPorts, type LocalPorts, type ServiceName, type ServicePlan } from './settings.js';
export { lines, type Row, table } from './table.js';
export { findSystem, type RunningSystem, startSystem, type StartSystemOptions, type SystemAddresses } from './system.js';
