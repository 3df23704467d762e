import { env, hostChecks, hostSettings, loadConfig, runtimeSettings, type ConfigOf, type CrossCheck } from '@paidan/service-host';

export const feedbackSettings = {
  ...hostSettings({ port: 7105, metricsPort: 7205 }),
  ...runtimeSettings('feedback'),
  channelsFile: env.file('PAIDAN_CHANNELS_FILE', {
    describe:
      'the city’s channels, the same file as intake’s; of interest here are its columns `callback_url` and `callback_secret_file`; re-read when it changes',
  }),
  contentKeysFile: env.file('PAIDAN_CONTENT_KEYS_FILE', { describe: 'content keys, the same for all services (JSON)' }),
  queryProofKey: env.secret('PAIDAN_QUERY_PROOF_KEY', {
    describe:
      'checks query codes: HMAC-SHA256 of the text `query-code-proof` under intake’s `queryCodeKey`, base64; no code can be made with it',
    check: (key) => (Buffer.from(key, 'base64').length === 32 ? undefined : 'must be 32 bytes in base64'),
  }),
  ratingWindow: env.duration('PAIDAN_RATING_WINDOW', {
    default: '7d',
    min: '1h',
    max: '365d',
    describe: 'after a reply was delivered the citizen may rate it for so long; then the ticket closes',
  }),
  pickUpWindow: env.duration('PAIDAN_PICK_UP_WINDOW', {
    default: '30d',
    min: '1h',
    max: '365d',
    describe: 'a reply that could not be pushed, or that nobody asked for, is kept open for so long; then the ticket closes',
  }),
  membersPoll: env.duration('PAIDAN_MEMBERS_POLL', {
    default: '1s',
    min: '100ms',
    max: '5m',
    describe: 'how often it is looked for members whose master has been answered',
  }),
  callbackAllowPrivate: env.bool('PAIDAN_CALLBACK_ALLOW_PRIVATE', {
    default: false,
    describe: 'call-backs may go to private and loopback addresses and over plain http: for local runs and tests alone',
  }),
  callbackTimeout: env.duration('PAIDAN_CALLBACK_TIMEOUT', {
    default: '10s',
    min: '100ms',
    max: '1m',
    describe: 'for one attempt of a call-back, address look-up included',
  }),
  callbackGiveUp: env.duration('PAIDAN_CALLBACK_GIVE_UP', {
    default: '3d',
    min: '1m',
    max: '30d',
    describe: 'real time after which a call-back that keeps failing is given up; the reply is kept to be picked up',
  }),
  trackingWrong: env.int('PAIDAN_TRACKING_WRONG', {
    default: 10,
    min: 1,
    max: 1_000,
    describe: 'wrong query codes that are answered within the window, per number and per address; the next is 429',
  }),
  trackingWindow: env.duration('PAIDAN_TRACKING_WINDOW', { default: '15m', min: '1s', max: '1d', describe: 'real time' }),
};

const checks: readonly CrossCheck<typeof feedbackSettings>[] = [
  ...hostChecks,
  {
    of: ['ratingWindow', 'pickUpWindow'],
    problem: (c) => (c.pickUpWindow < c.ratingWindow ? 'the pick-up window must not be shorter than the rating window' : undefined),
  },
];

export type FeedbackConfig = ConfigOf<typeof feedbackSettings>;

/** @throws PaidanError `config-invalid` naming each wrong variable */
export const readConfig = (environment: NodeJS.ProcessEnv = process.env): FeedbackConfig =>
  loadConfig(feedbackSettings, { env: environment, checks });
