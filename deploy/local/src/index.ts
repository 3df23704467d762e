export { startInfra } from './choose.js';
export { type ContainerSpec, kafkaContainer, postgresContainer, whyNotDocker } from './docker.js';
export { InfraError, infraErrorCodes, type InfraErrorCode } from './errors.js';
export { infraKinds, type Infra, type InfraKind, type ServerHandle, type StartInfraOptions } from './infra.js';
export { freePort } from './host.js';
export { askMetadata } from './kafka.js';
export { ask } from './postgres.js';
export { openOnlyTo, provision, provisionDatabase, type ProvisionPlan, type ServiceDatabase, urlOf, withClient } from './provision.js';
export { createTopics, topicConfig, type TopicSpec } from './topics.js';
