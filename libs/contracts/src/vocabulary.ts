/**
 * The words of Paidan. Every name in code, event, table, topic and document obeys this list; a new word is entered here first.
 *
 * | word | 中文 | meaning |
 * |---|---|---|
 * | submission | 来件 | what an adapter hands in, once per (channel, external id) |
 * | ticket | 工单 | an accepted submission, under a ticket id and a human number |
 * | appeal | 诉求 | what the citizen wants; its type is one of {@link APPEAL_TYPES} |
 * | channel | 来源渠道 | a registered adapter, by id; what kind of channel it is, is one of {@link CHANNELS} |
 * | supplement | 补充 | what the citizen adds later |
 * | contact | 联系方式 | name, phone, mail, address of the citizen; lives in intake alone |
 * | confidentiality | 保密要求 | 公开 open, 保密 confidential, 匿名 anonymous; only ever tightened |
 * | content | 诉求内容 | title, text and place; sealed on a ticket that is not open |
 * | query code | 查询码 | the citizen's secret for asking after the ticket |
 * | admin code | 行政区划代码 | GB/T 2260 and its 9 and 12 digit extensions |
 * | unit | 单位 | who may hold a ticket: bureau, district, street, community, public utility |
 * | matter | 事项 | leaf of the catalogue, level 1 and level 2 (code 2+2 digits) |
 * | responsibility | 职责分工 | who leads and who works along in a matter, for one area and time; where there is none, the catalogue says |
 * | mailbox | 信箱 | a leader's mailbox; what comes through it is for the unit it is bound to |
 * | directory | 派单目录 | units, matters, responsibilities and mailboxes in one numbered version |
 * | dispatch | 派单 | deciding who holds the ticket now |
 * | assignment | 派单记录 | one holding of one ticket by one lead unit; numbered 1, 2, 3 … within the ticket |
 * | lead | 主办 | the one unit that answers |
 * | co-handler | 协办 | a unit that works along and reports to the lead |
 * | copy | 同送 | a unit that is told, for supervision |
 * | designated | 直接指定 | assigned with no right to return |
 * | held | 待派单 | waiting in the review queue for a dispatcher |
 * | sign | 签收 | the unit takes the ticket |
 * | return | 退单 | the unit says the ticket is not its own, with a reason |
 * | release | 收回 | dispatch takes an assignment back; the holder has the say whether it still can be |
 * | delegate | 转办 | the holder hands down within its own line |
 * | progress | 办理过程 | a note on the work |
 * | suspension | 挂起 | can't be done now: season, engineering, funds |
 * | extension | 延期 | a later deadline, asked before the old one passes |
 * | reply | 答复 | the text for the citizen; round 1, 2, 3 … within the ticket |
 * | approve | 审核通过 | a second person lets the reply go |
 * | send back | 审核退回 | the second person does not |
 * | outcome | 办结类型 | 已解决, 部分解决, 解释说明, 列入计划, 不予受理 |
 * | direct answer | 直接答复 | answered by the desk itself, no department |
 * | decline | 不予受理 | not a matter for the desk; always with the lawful route |
 * | lawful route | 法定途径 | where such a matter goes by law |
 * | link | 关联 | tickets about one matter under a master ticket |
 * | master | 主单 | the ticket under which the work for its members is done |
 * | member | 并入件 | a ticket linked to a master: it is kept, answered and judged for itself |
 * | clock | 计时 | one running time limit on a ticket or an assignment |
 * | deadline | 时限 | the instant a clock runs out |
 * | card | 黄牌 / 红牌 | a recorded breach |
 * | recipient | 告知对象 | whom of the unit a warning or card is for, by role |
 * | accountability | 问责 | a red card on the list of those who answer for it |
 * | follow-up | 回访 | the desk asks the citizen afterwards |
 * | rating | 评价 | one to five stars, 国办发〔2019〕51号 |
 * | reopen | 重办 | not solved: worked on again |
 * | close | 办结 | the ticket is over |
 */
import { memberOf, type Member } from '@paidan/kernel';

/** The five services. An event's source is `/paidan/<service>`. */
export const SERVICES = ['intake', 'dispatch', 'department-handler', 'sla-monitor', 'feedback'] as const;
export type Service = Member<typeof SERVICES>;
export const isService = memberOf(SERVICES);

/**
 * Kinds of channel: 电话, 微信, 微博, 短信, 邮件, 网页, 自助终端, 移动应用, 上级平台. A channel itself is an adapter registered under a free id
 * ({@link CHANNEL_ID}); configuration says which kind it is, because a city has several WeChat accounts.
 */
export const CHANNELS = ['phone', 'wechat', 'weibo', 'sms', 'mail', 'web', 'kiosk', 'app', 'upstream'] as const;
export type ChannelKind = Member<typeof CHANNELS>;
export const isChannelKind = memberOf(CHANNELS);

/** Ids become parts of topic names. No `.` and no `_`: Kafka takes `a.b` and `a_b` for the same metric and refuses the second topic. */
export const CHANNEL_ID = /^[a-z0-9-]{2,32}$/;
export const UNIT_CODE = /^[a-z0-9-]{2,48}$/;
/** A mailbox's own name, or its address. */
export const MAILBOX_CODE = /^[a-z0-9][a-z0-9._@-]{1,63}$/;
/** Level 1 and level 2 of the catalogue, two digits each; level 3 adds two more. */
export const MATTER_CODE = /^\d{4}(\d{2})?$/;
/** GB/T 2260: province, city, district in 6 digits; 9 with the street, 12 with the community. */
export const ADMIN_CODE = /^\d{6}(\d{3}){0,2}$/;

/** 诉求类型: 咨询, 求助, 投诉, 举报, 建议, 表扬, 其他. */
export const APPEAL_TYPES = ['consultation', 'help', 'complaint', 'report', 'suggestion', 'praise', 'other'] as const;
export type AppealType = Member<typeof APPEAL_TYPES>;

/** 保密要求: 公开, 保密, 匿名. 举报 is confidential unless the citizen says otherwise. */
export const CONFIDENTIALITY = ['open', 'confidential', 'anonymous'] as const;
export type Confidentiality = Member<typeof CONFIDENTIALITY>;

/** 紧急程度: 一般, 紧急, 特急. */
export const URGENCY = ['normal', 'urgent', 'critical'] as const;
export type Urgency = Member<typeof URGENCY>;

/** Coordinates as the state prescribes for maps (GCJ-02) or as GPS gives them; never converted on the way. */
export const COORDINATE_SYSTEMS = ['GCJ-02', 'WGS-84'] as const;
export type CoordinateSystem = Member<typeof COORDINATE_SYSTEMS>;

/** 退单原因: 非本单位职责, 非本辖区, 分类或派发错误, 信息不全无法办理, 重复件, 应走法定途径, 应由多单位主协办. */
export const RETURN_REASONS = [
  'not-our-duty',
  'not-our-area',
  'misclassified',
  'insufficient-information',
  'duplicate',
  'lawful-route',
  'needs-several-units',
] as const;
export type ReturnReason = Member<typeof RETURN_REASONS>;

/** Why dispatch holds a ticket for a person: 无候选, 把握不足, 难分伯仲, 多次退单, 涉及被反映单位, 敏感, 单位停用, 人工要求, 规则要求. */
export const HOLD_REASONS = [
  'no-candidate',
  'low-confidence',
  'tie',
  'returned-too-often',
  'conflict-of-interest',
  'sensitive',
  'unit-inactive',
  'asked-by-person',
  'by-rule',
] as const;
export type HoldReason = Member<typeof HOLD_REASONS>;

/** Why a unit is no candidate, whatever its score: 曾退单, 停用, 尚未启用, 系被反映对象, 非其辖区, 现正持有. */
export const RULED_OUT_REASONS = [
  'returned-before',
  'inactive',
  'not-yet-in-force',
  'is-reported-party',
  'outside-area',
  'holds-it-now',
] as const;
export type RuledOutReason = Member<typeof RULED_OUT_REASONS>;

/** What speaks for a routing decision; details stand beside the code. */
export const DECISION_REASONS = [
  'named-unit',
  'mailbox',
  'rule',
  'admin-code',
  'coordinates',
  'address',
  'places-differ',
  'matter-words',
  'matter-lead',
  'responsibility',
  'area-unit',
  'front-line',
  'level-above',
  'appeal-type',
  'history',
  'classifier',
  'by-person',
  'reopened',
] as const;
export type DecisionReason = Member<typeof DECISION_REASONS>;

/** Why a release is asked for: 退单获准, 改派, 撤回, 合并, 回避. */
export const RELEASE_REASONS = ['return-accepted', 'reassigned', 'withdrawn', 'linked', 'conflict-of-interest'] as const;
export type ReleaseReason = Member<typeof RELEASE_REASONS>;

/** Why the holder can't give the assignment back: 答复已审核, 已不在手. */
export const RELEASE_REFUSALS = ['reply-approved', 'already-ended'] as const;
export type ReleaseRefusal = Member<typeof RELEASE_REFUSALS>;

/** Why a return is refused: 属其职责, 直接指定, 超过退单时限, 理由不足. */
export const RETURN_REFUSALS = ['is-their-duty', 'designated', 'window-passed', 'grounds-insufficient'] as const;
export type ReturnRefusal = Member<typeof RETURN_REFUSALS>;

/** 不予受理情形. */
export const DECLINE_REASONS = [
  'emergency-line',
  'lawful-route',
  'outside-government',
  'outside-area',
  'secret-or-privacy',
  'already-handled',
  'civil-or-market',
  'unlawful-or-abusive',
] as const;
export type DeclineReason = Member<typeof DECLINE_REASONS>;

/** 法定途径: 110/119/120/122, 诉讼, 仲裁, 纪检监察, 行政复议, 政府信息公开, 信访, 其他地区, 其他. */
export const LAWFUL_ROUTES = [
  'emergency-line',
  'litigation',
  'arbitration',
  'discipline-inspection',
  'administrative-reconsideration',
  'information-disclosure',
  'petition',
  'other-area',
  'other',
] as const;
export type LawfulRoute = Member<typeof LAWFUL_ROUTES>;

/** Why a citizen takes a ticket back: 已解决, 误报, 不再需要, 其他. */
export const WITHDRAW_REASONS = ['resolved-itself', 'by-mistake', 'no-longer-wanted', 'other'] as const;
export type WithdrawReason = Member<typeof WITHDRAW_REASONS>;

/** 关联: 同人同事, 异人同事. */
export const LINK_KINDS = ['same-citizen', 'same-matter'] as const;
export type LinkKind = Member<typeof LINK_KINDS>;

/** Why a person takes a ticket out from under its master: 并非同事, 有新情况, 其他. */
export const UNLINK_GROUNDS = ['another-matter', 'new-facts', 'other'] as const;
export type UnlinkGround = Member<typeof UNLINK_GROUNDS>;

/** Why a ticket is no longer under its master; besides a person's grounds: 主单未答复即终结, 诉求人不认可主单答复. */
export const UNLINK_REASONS = [...UNLINK_GROUNDS, 'master-ended', 'reopened'] as const;
export type UnlinkReason = Member<typeof UNLINK_REASONS>;

/** 办结类型: 已解决, 部分解决, 解释说明, 列入计划, 不予受理. */
export const OUTCOMES = ['resolved', 'partly-resolved', 'explained', 'planned', 'not-accepted'] as const;
export type Outcome = Member<typeof OUTCOMES>;

/** 联系诉求人的结果: 接通, 未接, 空号错号, 拒绝. */
export const CONTACT_OUTCOMES = ['reached', 'no-answer', 'wrong-number', 'refused'] as const;
export type ContactOutcome = Member<typeof CONTACT_OUTCOMES>;

/** What an extension is counted in: 工作日, 工作时, 连续小时, 自然日. Minutes are for first contacts alone. */
export const EXTENSION_UNITS = ['WD', 'WH', 'H24', 'CD'] as const satisfies readonly TimeUnit[];
export type ExtensionUnit = Member<typeof EXTENSION_UNITS>;

/** 挂起原因: 季节, 工程, 资金, 法定程序, 其他. */
export const SUSPENSION_REASONS = ['season', 'engineering', 'funds', 'legal-procedure', 'other'] as const;
export type SuspensionReason = Member<typeof SUSPENSION_REASONS>;

/** 计时: 响应, 签收, 退单窗口, 办结, 审核. */
export const CLOCKS = ['respond', 'sign', 'return', 'finish', 'review'] as const;
export type Clock = Member<typeof CLOCKS>;

/** 工作日, 工作时, 连续小时, 连续分钟, 自然日. */
export const TIME_UNITS = ['WD', 'WH', 'H24', 'MIN', 'CD'] as const;
export type TimeUnit = Member<typeof TIME_UNITS>;

/** Why a clock stopped: 按时完成, 超期完成, 已无对象 (the ticket or assignment ended). */
export const STOP_REASONS = ['met', 'missed', 'moot'] as const;
export type StopReason = Member<typeof STOP_REASONS>;

/** Why a deadline moved: 挂起, 恢复, 延期, 日历公布, 规则变更, 紧急程度提高. */
export const MOVE_REASONS = ['suspended', 'resumed', 'extended', 'calendar-loaded', 'policy-changed', 'urgency-raised'] as const;
export type MoveReason = Member<typeof MOVE_REASONS>;

/** 黄牌, 红牌. */
export const CARD_COLOURS = ['yellow', 'red'] as const;
export type CardColour = Member<typeof CARD_COLOURS>;

/** Who within a unit is told of a deadline that is near or has passed: 经办人, 科室负责人, 单位负责人. */
export const RECIPIENT_ROLES = ['officer', 'section-head', 'unit-head'] as const;
export type RecipientRole = Member<typeof RECIPIENT_ROLES>;

/** How a reply reached the citizen: 推送, 查询, 电话. */
export const DELIVERY_WAYS = ['pushed', 'fetched', 'called'] as const;
export type DeliveryWay = Member<typeof DELIVERY_WAYS>;

/** 回访方式: 电话, 短信, 网络. */
export const FOLLOW_UP_WAYS = ['phone', 'sms', 'web'] as const;
export type FollowUpWay = Member<typeof FOLLOW_UP_WAYS>;

/** 重办原因: 不满意, 未解决, 新情况, 督办. */
export const REOPEN_REASONS = ['unsatisfied', 'unresolved', 'new-facts', 'supervision'] as const;
export type ReopenReason = Member<typeof REOPEN_REASONS>;

/** 办结原因: 满意, 期满未评, 二次评价为终, 直接答复, 撤回, 不予受理, 并入主单. */
export const CLOSE_REASONS = ['satisfied', 'no-rating', 'second-rating', 'answered', 'withdrawn', 'declined', 'linked'] as const;
export type CloseReason = Member<typeof CLOSE_REASONS>;

/** 单位类别: 部门, 区县, 街道乡镇, 社区（村）, 公用企业, 热线. */
export const UNIT_KINDS = ['bureau', 'district', 'street', 'community', 'utility', 'desk'] as const;
export type UnitKind = Member<typeof UNIT_KINDS>;

/** How a unit works with Paidan: its own system over Kafka, or people at the desk's own screens. */
export const INTEGRATIONS = ['kafka', 'desk'] as const;
export type Integration = Member<typeof INTEGRATIONS>;

/**
 * Why a command about a department's work is refused; the answer carries the current state beside it. `stale-extension` is told to dispatchers alone;
 * `discarded`: it could not be processed, and an operator threw it away.
 */
export const COMMAND_REFUSALS = [
  'bad-json',
  'unknown-command',
  'unsupported-version',
  'bad-shape',
  'unknown-ticket',
  'not-yours',
  'stale-assignment',
  'wrong-state',
  'stale-round',
  'designated',
  'return-window-passed',
  'already-returned',
  'deadline-passed',
  'extension-waiting',
  'stale-extension',
  'time-not-possible',
  'same-officer',
  'command-id-reused',
  'ticket-parked',
  'discarded',
] as const;
export type CommandRefusal = Member<typeof COMMAND_REFUSALS>;

/** Why a submission over Kafka is refused. `conflict`: the external id is taken by another text. */
export const SUBMISSION_REFUSALS = ['bad-json', 'bad-shape', 'conflict', 'unknown-addressee', 'channel-inactive'] as const;
export type SubmissionRefusal = Member<typeof SUBMISSION_REFUSALS>;

/** 主办, 协办, 同送. */
export const ROLES = ['lead', 'co-handler', 'copy'] as const;
export type Role = Member<typeof ROLES>;
