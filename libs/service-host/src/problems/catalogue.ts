/** What a person is told of a kind of problem. `type` of the problem document is `/problems/<code>`, which every service answers. */
export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** For what citizens and officers see. */
  readonly titleZh: string;
  /** What the caller can do about it; shown on the problem's page. */
  readonly advice?: string;
}

export type ProblemCatalogue = Readonly<Record<string, ProblemKind>>;

/** Problems that every service can answer. A service adds its own: `startService({ problems: { … } })`. */
export const HOST_PROBLEMS = {
  'malformed-json': { status: 400, title: 'The body is not valid JSON', titleZh: '请求内容不是有效的 JSON' },
  'malformed-text': {
    status: 400,
    title: 'The text is not valid UTF-8, or has a NUL in it',
    titleZh: '文本不是有效的 UTF-8 编码，或含有空字符',
    advice: 'Send UTF-8. GBK and GB18030 must be converted first.',
  },
  'malformed-url': { status: 400, title: 'The address is malformed', titleZh: '请求地址格式不正确' },
  'bad-request': { status: 400, title: 'The request cannot be understood', titleZh: '请求无法识别' },
  'invalid-parameters': {
    status: 400,
    title: 'A parameter of the address is wrong',
    titleZh: '地址中的参数不正确',
    advice: '`errors` names each.',
  },
  'validation-failed': {
    status: 422,
    title: 'The body has wrong or unknown fields',
    titleZh: '提交的内容有误',
    advice: '`errors` names each field.',
  },
  unauthenticated: { status: 401, title: 'No valid credentials', titleZh: '未登录或缺少凭证' },
  'key-unknown': { status: 401, title: 'The API key is not known', titleZh: 'API 密钥无效' },
  'key-revoked': { status: 401, title: 'The API key has been revoked', titleZh: 'API 密钥已停用' },
  'token-invalid': { status: 401, title: 'The token is not valid', titleZh: '登录凭证无效' },
  'token-expired': {
    status: 401,
    title: 'The token has expired',
    titleZh: '登录已过期，请重新登录',
    advice: 'Get a new token and repeat the request.',
  },
  'token-revoked': { status: 401, title: 'The token has been revoked', titleZh: '登录凭证已被撤销' },
  forbidden: { status: 403, title: 'Not allowed', titleZh: '没有权限' },
  'no-unit': {
    status: 403,
    title: 'The token speaks for no unit',
    titleZh: '登录凭证未标明所属单位',
    advice: 'Ask the identity provider for the claim `unit`.',
  },
  'wrong-channel': { status: 403, title: 'The key belongs to another channel', titleZh: '密钥不属于该渠道' },
  'route-closed': { status: 403, title: 'This address is not open to anybody', titleZh: '该接口未开放' },
  'not-found': { status: 404, title: 'There is nothing here', titleZh: '未找到' },
  'method-not-allowed': {
    status: 405,
    title: 'This address does not take that method',
    titleZh: '该地址不支持此操作',
    advice: 'See the `Allow` header.',
  },
  'not-acceptable': { status: 406, title: 'The asked-for representation does not exist', titleZh: '不支持所要求的格式' },
  conflict: { status: 409, title: 'In conflict with the current state', titleZh: '与当前状态冲突' },
  'ticket-parked': {
    status: 409,
    title: 'The ticket waits for a repair',
    titleZh: '工单处理暂停，等待排除故障',
    advice: 'An event of this ticket could not be processed. Repeat the request later.',
  },
  'nothing-parked': { status: 404, title: 'Nothing waits for this ticket here', titleZh: '该工单在此没有停放的记录' },
  'not-first': {
    status: 409,
    title: 'Another record is the one that the ticket waits for',
    titleZh: '工单当前等待的是另一条记录',
    advice: 'Somebody else was faster, or it has been replayed. Look again before anything is thrown away; `first` names the record.',
  },
  'not-failed': {
    status: 409,
    title: 'The record has not failed since it waits',
    titleZh: '该记录尚未处理失败',
    advice: 'Replay the ticket: it may well be processed.',
  },
  'not-quarantined': { status: 404, title: 'This record is not in quarantine here', titleZh: '该记录不在隔离区' },
  'never-restored': { status: 404, title: 'This service was never restored from a back-up', titleZh: '本服务从未从备份恢复' },
  'unheard-ticket': { status: 404, title: 'This service has heard nothing of the ticket', titleZh: '本服务未收到过该工单的任何消息' },
  'log-not-held': {
    status: 409,
    title: 'What this service says is not held',
    titleZh: '本服务的消息发送尚未暂停',
    advice: 'Hold every service first, then take the log, then republish: `paidan republish` does all three.',
  },
  'log-not-taken': {
    status: 409,
    title: 'The log is another one than this service belongs to',
    titleZh: '当前日志不是本服务所属的日志',
    advice: 'Take it first, in every service: `paidan republish` does.',
  },
  'topic-missing': {
    status: 409,
    title: 'The topic is not in Kafka',
    titleZh: 'Kafka 中没有该主题',
    advice: 'Make the topics first, as for a new installation.',
  },
  'history-not-wanted': {
    status: 409,
    title: 'No empty schema waits here for what is told again',
    titleZh: '本服务没有等待补齐的空库',
    advice: 'Only a service whose schema is empty takes it: `/health/ready` says `history-wanted` then.',
  },
  'history-out-of-date': {
    status: 409,
    title: 'What was told again does not fit the log as it is',
    titleZh: '重述的内容与当前日志不衔接',
    advice: 'Have it told once more: `paidan fill` does.',
  },
  'log-unavailable': { status: 503, title: 'Kafka does not answer', titleZh: 'Kafka 暂时无法访问' },
  'command-id-reused': { status: 409, title: 'The command id was used for another command', titleZh: '指令编号已用于其他指令' },
  'body-too-large': { status: 413, title: 'The body is too large', titleZh: '提交的内容过大' },
  'address-too-long': { status: 414, title: 'The address is too long', titleZh: '请求地址过长' },
  'unsupported-media-type': {
    status: 415,
    title: 'This content type is not taken',
    titleZh: '不支持的内容类型',
    advice: 'Send `content-type: application/json`.',
  },
  'too-many-requests': { status: 429, title: 'Too many requests', titleZh: '请求过于频繁，请稍后再试' },
  'internal-error': { status: 500, title: 'The service failed', titleZh: '系统内部错误', advice: 'Tell the operators the `requestId`.' },
  unavailable: {
    status: 503,
    title: 'Temporarily unavailable',
    titleZh: '服务暂不可用，请稍后再试',
    advice: 'Repeat after `Retry-After` seconds.',
  },
  'database-unavailable': {
    status: 503,
    title: 'The database does not answer',
    titleZh: '数据库暂不可用，请稍后再试',
    advice: 'Nothing was stored. Repeat after `Retry-After` seconds.',
  },
  restoring: {
    status: 503,
    title: 'The service is being restored from a back-up',
    titleZh: '服务正在从备份恢复，请稍后再试',
    advice: 'Nothing was stored. It first reads what it said since the back-up. Repeat after `Retry-After` seconds.',
  },
  'row-conflict': {
    status: 503,
    title: 'Another request came first',
    titleZh: '与同时提交的请求冲突，请重试',
    advice: 'Nothing was stored. Repeat the request.',
  },
  'key-set-unavailable': { status: 503, title: 'Tokens cannot be checked at the moment', titleZh: '暂时无法验证登录凭证' },
  'shutting-down': {
    status: 503,
    title: 'This instance is stopping',
    titleZh: '服务正在停止，请重试',
    advice: 'Another instance answers.',
  },
} as const satisfies ProblemCatalogue;

/** The kind for a status that nobody named more closely. */
export const codeOfStatus = (status: number): string => {
  switch (status) {
    case 401:
      return 'unauthenticated';
    case 403:
      return 'forbidden';
    case 404:
      return 'not-found';
    case 405:
      return 'method-not-allowed';
    case 406:
      return 'not-acceptable';
    case 409:
      return 'conflict';
    case 413:
      return 'body-too-large';
    case 414:
      return 'address-too-long';
    case 415:
      return 'unsupported-media-type';
    case 422:
      return 'validation-failed';
    case 429:
      return 'too-many-requests';
    case 502:
    case 503:
    case 504:
      return 'unavailable';
    default:
      return status < 500 ? 'bad-request' : 'internal-error';
  }
};
