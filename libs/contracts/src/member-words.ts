import type {
  ChannelKind,
  CloseReason,
  ContactOutcome,
  DeclineReason,
  DeliveryWay,
  FollowUpWay,
  HoldReason,
  LawfulRoute,
  LinkKind,
  Outcome,
  ReleaseReason,
  ReleaseRefusal,
  ReopenReason,
  ReturnReason,
  ReturnRefusal,
  SuspensionReason,
  UnlinkReason,
  WithdrawReason,
} from './vocabulary.js';
import type { MessageWords } from './words.js';

/*
 * What the members of the closed sets are called in front of people, as parts of a sentence: a trail of a ticket is told in them. Those of clocks and
 * cards stand in words.ts.
 */

type WordsOf<M extends string> = { readonly [K in M]: MessageWords };
const w = (zh: string, en: string): MessageWords => ({ zh, en });

export const CHANNEL_KIND_WORDS: WordsOf<ChannelKind> = {
  phone: w('电话', 'telephone'),
  wechat: w('微信', 'WeChat'),
  weibo: w('微博', 'Weibo'),
  sms: w('短信', 'text message'),
  mail: w('邮件', 'mail'),
  web: w('网页', 'web mailbox'),
  kiosk: w('自助终端', 'kiosk'),
  app: w('移动应用', 'app'),
  upstream: w('上级平台', 'a platform above'),
};

export const RETURN_REASON_WORDS: WordsOf<ReturnReason> = {
  'not-our-duty': w('非本单位职责', 'not its duty'),
  'not-our-area': w('非本辖区', 'not its jurisdiction'),
  misclassified: w('分类或派发错误', 'wrongly classified'),
  'insufficient-information': w('信息不全无法办理', 'too little to work on'),
  duplicate: w('重复件', 'a duplicate'),
  'lawful-route': w('应走法定途径', 'a lawful route is prescribed'),
  'needs-several-units': w('应由多单位主协办', 'needs several units'),
};

export const HOLD_REASON_WORDS: WordsOf<HoldReason> = {
  'no-candidate': w('无候选单位', 'no unit was found'),
  'low-confidence': w('把握不足', 'too little confidence'),
  tie: w('难分伯仲', 'a tie'),
  'returned-too-often': w('多次退单', 'returned too often'),
  'conflict-of-interest': w('涉及被反映单位', 'the reported unit is concerned'),
  sensitive: w('敏感', 'sensitive'),
  'unit-inactive': w('单位停用', 'the unit is no longer active'),
  'asked-by-person': w('人工要求', 'asked for by a person'),
  'by-rule': w('派单规则要求', 'a rule asks for a person'),
};

export const RELEASE_REASON_WORDS: WordsOf<ReleaseReason> = {
  'return-accepted': w('退单获准', 'its return was accepted'),
  reassigned: w('改派', 'it goes to another unit'),
  withdrawn: w('诉求人撤回', 'the citizen took it back'),
  linked: w('并入主单', 'it is worked on under a master ticket'),
  'conflict-of-interest': w('回避', 'conflict of interest'),
};

export const RELEASE_REFUSAL_WORDS: WordsOf<ReleaseRefusal> = {
  'reply-approved': w('答复已审核', 'the reply has been approved'),
  'already-ended': w('已不在手', 'it no longer holds it'),
};

export const RETURN_REFUSAL_WORDS: WordsOf<ReturnRefusal> = {
  'is-their-duty': w('属其职责', 'it is its duty'),
  designated: w('直接指定', 'it was designated'),
  'window-passed': w('超过退单时限', 'too late'),
  'grounds-insufficient': w('理由不足', 'the grounds are insufficient'),
};

export const DECLINE_REASON_WORDS: WordsOf<DeclineReason> = {
  'emergency-line': w('应拨打紧急专线', 'a matter for an emergency line'),
  'lawful-route': w('应走法定途径', 'a lawful route is prescribed'),
  'outside-government': w('不属政府职权', 'outside government'),
  'outside-area': w('不在本地区', 'outside the area'),
  'secret-or-privacy': w('涉及秘密或隐私', 'a secret or privacy'),
  'already-handled': w('已办理且无新情况', 'handled before, nothing new'),
  'civil-or-market': w('民事或市场行为', 'a civil or market matter'),
  'unlawful-or-abusive': w('违法或恶意', 'unlawful or abusive'),
};

export const LAWFUL_ROUTE_WORDS: WordsOf<LawfulRoute> = {
  'emergency-line': w('110、119、120、122', '110, 119, 120, 122'),
  litigation: w('诉讼', 'litigation'),
  arbitration: w('仲裁', 'arbitration'),
  'discipline-inspection': w('纪检监察', 'discipline inspection'),
  'administrative-reconsideration': w('行政复议', 'administrative reconsideration'),
  'information-disclosure': w('政府信息公开', 'information disclosure'),
  petition: w('信访', 'petition'),
  'other-area': w('其他地区', 'another area'),
  other: w('其他途径', 'another route'),
};

export const WITHDRAW_REASON_WORDS: WordsOf<WithdrawReason> = {
  'resolved-itself': w('已解决', 'it is solved'),
  'by-mistake': w('误报', 'a mistake'),
  'no-longer-wanted': w('不再需要', 'no longer wanted'),
  other: w('其他', 'another reason'),
};

export const LINK_KIND_WORDS: WordsOf<LinkKind> = {
  'same-citizen': w('同人同事', 'the same citizen and matter'),
  'same-matter': w('异人同事', 'the same matter of others'),
};

export const UNLINK_REASON_WORDS: WordsOf<UnlinkReason> = {
  'another-matter': w('并非同一事项', 'it is another matter'),
  'new-facts': w('有新情况', 'it says something new'),
  other: w('其他', 'another reason'),
  'master-ended': w('主单未答复即终结', 'the master ended without an answer'),
  reopened: w('诉求人不认可主单答复', 'the master’s answer did not hold for this citizen'),
};

export const OUTCOME_WORDS: WordsOf<Outcome> = {
  resolved: w('已解决', 'resolved'),
  'partly-resolved': w('部分解决', 'partly resolved'),
  explained: w('解释说明', 'explained'),
  planned: w('列入计划', 'planned'),
  'not-accepted': w('不予受理', 'not accepted'),
};

export const CONTACT_OUTCOME_WORDS: WordsOf<ContactOutcome> = {
  reached: w('接通', 'reached'),
  'no-answer': w('未接', 'no answer'),
  'wrong-number': w('空号或错号', 'a wrong number'),
  refused: w('拒绝', 'refused'),
};

export const SUSPENSION_REASON_WORDS: WordsOf<SuspensionReason> = {
  season: w('季节原因', 'the season'),
  engineering: w('工程原因', 'engineering'),
  funds: w('资金原因', 'funds'),
  'legal-procedure': w('法定程序', 'a legal procedure'),
  other: w('其他原因', 'another reason'),
};

export const DELIVERY_WAY_WORDS: WordsOf<DeliveryWay> = {
  pushed: w('推送至原渠道', 'pushed to the channel'),
  fetched: w('诉求人查询取得', 'fetched by the citizen'),
  called: w('电话告知', 'told on the phone'),
};

export const FOLLOW_UP_WAY_WORDS: WordsOf<FollowUpWay> = {
  phone: w('电话', 'on the phone'),
  sms: w('短信', 'by text message'),
  web: w('网络', 'on the web'),
};

export const REOPEN_REASON_WORDS: WordsOf<ReopenReason> = {
  unsatisfied: w('不满意', 'unsatisfied'),
  unresolved: w('未解决', 'not solved'),
  'new-facts': w('有新情况', 'new facts'),
  supervision: w('督办', 'supervision'),
};

export const CLOSE_REASON_WORDS: WordsOf<CloseReason> = {
  satisfied: w('满意', 'satisfied'),
  'no-rating': w('期满未评', 'no rating in time'),
  'second-rating': w('二次评价为终', 'the second rating is final'),
  answered: w('直接答复', 'answered by the desk'),
  withdrawn: w('诉求人撤回', 'taken back by the citizen'),
  declined: w('不予受理', 'declined'),
  linked: w('并入主单', 'linked to a master ticket'),
};

/** The words of a member; one that a newer producer added stands for itself. */
export const wordsFor = (words: Readonly<Record<string, MessageWords>>, member: string): MessageWords =>
  Object.hasOwn(words, member) ? (words[member] ?? { zh: member, en: member }) : { zh: member, en: member };
