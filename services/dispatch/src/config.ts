import {
  calendarSettings,
  env,
  hostChecks,
  hostSettings,
  loadConfig,
  parseDuration,
  runtimeSettings,
  ticketsLogSettings,
  type ConfigOf,
  type CrossCheck,
} from '@paidan/service-host';

type ReturnWindow = { readonly kind: 'working-days'; readonly count: number } | { readonly kind: 'hours'; readonly milliseconds: number };

/** `1 WD` or a duration. @throws Error that says what is wrong */
export const parseReturnWindow = (raw: string): ReturnWindow => {
  const [, days] = /^(\d{1,2}) ?WD$/.exec(raw) ?? [];
  if (days !== undefined && Number(days) > 0) return { kind: 'working-days', count: Number(days) };
  const milliseconds = /^\d+(?:\.\d+)?(?:s|m|h|d)$/.test(raw) ? parseDuration(raw) : 0;
  if (milliseconds < 1_000 || milliseconds > 60 * 86_400_000)
    throw new Error(`«${raw}» is neither working days like 1 WD, up to 99, nor time by the clock like 48h, from 1s to 60d`);
  return { kind: 'hours', milliseconds };
};

export const dispatchSettings = {
  ...hostSettings({ port: 7102, metricsPort: 7202 }),
  ...runtimeSettings('dispatch'),
  ...ticketsLogSettings,
  contentKeysFile: env.file('PAIDAN_CONTENT_KEYS_FILE', { describe: 'keys of confidential text' }),
  cityDir: env.string('PAIDAN_CITY_DIR', {
    optional: true,
    describe: 'folder with units, areas and the catalogue of matters; without it the newest version in the schema stays in force',
  }),
  topicModelFile: env.string('PAIDAN_TOPIC_MODEL_FILE', {
    optional: true,
    describe:
      'model of topics that `npm run train` wrote; a new file is taken over without a restart, one that can’t be used leaves the old one in force',
  }),
  directoryPoll: env.duration('PAIDAN_DIRECTORY_POLL', {
    default: '3s',
    min: '100ms',
    max: '5m',
    describe: 'how often a replica looks whether another one published a newer directory or set of rules',
  }),
  ...calendarSettings,
  returnWindow: env.parsed('PAIDAN_RETURN_WINDOW', parseReturnWindow, {
    kind: 'working days or duration',
    default: '1 WD',
    describe:
      'how long a unit may return what it was given: `1 WD` ends at close of business of the next working day, `48h` runs by the clock',
  }),
  maxReturns: env.int('PAIDAN_MAX_RETURNS', {
    default: 2,
    min: 1,
    max: 20,
    describe: 'from this return of a ticket on, a supervisor decides and designates (会商)',
  }),
  claim: env.duration('PAIDAN_CLAIM', {
    default: '10m',
    min: '10s',
    max: '24h',
    describe: 'how long a waiting ticket stays with the dispatcher who claimed it',
  }),
  undoWindow: env.duration('PAIDAN_UNDO_WINDOW', {
    default: '1m',
    min: '1s',
    max: '1h',
    describe: 'how long a dispatcher may undo an assignment',
  }),
  duplicates: env.oneOf('PAIDAN_DUPLICATES', ['link', 'propose', 'off'], {
    default: 'link',
    describe:
      'what becomes of a ticket that says the same as an earlier one: linked where it is the same beyond doubt, only shown with it, or not looked for',
  }),
  duplicatesWindow: env.duration('PAIDAN_DUPLICATES_WINDOW', {
    default: '30d',
    min: '1h',
    max: '365d',
    describe: 'how far back earlier tickets are looked for, and their fingerprints kept',
  }),
  burstPersons: env.int('PAIDAN_BURST_PERSONS', {
    default: 10,
    min: 2,
    max: 10_000,
    describe: 'more than so many different people of one street about one matter are a group (群体性); half as many, and it is calm',
  }),
  burstWithin: env.duration('PAIDAN_BURST_WITHIN', { default: '24h', min: '1m', max: '15d', describe: 'within so long' }),
  membersPoll: env.duration('PAIDAN_MEMBERS_POLL', {
    default: '2s',
    min: '100ms',
    max: '5m',
    describe: 'how often it is looked for members whose master ended without an answer',
  }),
  returnReview: env.oneOf('PAIDAN_RETURN_REVIEW', ['person', 'rule'], {
    default: 'person',
    describe: 'who says whether a unit may return a ticket: a dispatcher, or the closed list of reasons by itself',
  }),
};

type Settings = typeof dispatchSettings;
export type DispatchConfig = ConfigOf<Settings>;

const checks: readonly CrossCheck<Settings>[] = [
  ...(hostChecks as readonly CrossCheck<Settings>[]),
  {
    of: ['returnWindow', 'calendarDir', 'cityDir'],
    problem: (c) =>
      c.returnWindow.kind === 'working-days' && c.calendarDir === undefined && c.cityDir === undefined
        ? 'set PAIDAN_CITY_DIR or PAIDAN_CALENDAR_DIR: without the holidays nobody can count working days; or give the window in hours'
        : undefined,
  },
  {
    of: ['topicModelFile', 'cityDir'],
    problem: (c) =>
      c.topicModelFile !== undefined && c.cityDir === undefined
        ? 'set PAIDAN_CITY_DIR: its labels.csv says what the labels of the model stand for'
        : undefined,
  },
];

/** @throws PaidanError `config-invalid` naming each wrong variable */
export const readConfig = (environment: NodeJS.ProcessEnv = process.env): DispatchConfig =>
  loadConfig(dispatchSettings, { env: environment, checks });
