export { startInfra } from './choose.js';
export { InfraError, infraErrorCodes, type InfraErrorCode } from './errors.js';
export { infraKinds, type Infra, type InfraKind, type ServerHandle, type StartInfraOptions } from './infra.js';
export { openOnlyTo, provision, provisionDatabase, type ProvisionPlan, type ServiceDatabase, urlOf, withClient } from './provision.js';
export { createTopics, topicConfig, type TopicSpec } from './topics.js';
