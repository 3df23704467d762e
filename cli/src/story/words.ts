import { CARD_WORDS } from '@paidan/contracts';
import type { Language } from '../options.js';
import type { Told } from './answers.js';

/** What the story says in its own words. */
export const WORDS = {
  en: {
    ticket: 'Ticket',
    ahead: 'Ahead',
    now: 'Now',
    waits: 'Waits',
    nothingWaits: 'nothing of it waits anywhere',
    noStory: 'nothing is known of what happened',
    factsUnknown: 'intake says nothing of it',
    received: 'received',
    addressedTo: 'addressed to',
    mailbox: 'mailbox',
    contactLeft: 'contact data left',
    noContact: 'no contact data',
    replyWanted: 'a reply is wanted',
    noReply: 'no reply is wanted',
    assignment: 'assignment',
    since: 'since',
    signedBy: 'signed by',
    reply: 'reply',
    colon: ': ',
    parked: 'parked',
    unsentEvents: 'of its events not sent yet',
    unsentNotices: 'of its messages to units and channels not sent yet',
    setAside: 'could not be sent',
    discarded: 'discarded',
    unheard: (said: number, heard: number): string => `said ${said} events, feedback has heard up to ${heard}`,
  },
  zh: {
    ticket: '工单',
    ahead: '将到',
    now: '现状',
    waits: '等待',
    nothingWaits: '各服务均无等待',
    noStory: '经过不详',
    factsUnknown: '受理服务未给出登记信息',
    received: '收到',
    addressedTo: '指明',
    mailbox: '信箱',
    contactLeft: '留有联系方式',
    noContact: '未留联系方式',
    replyWanted: '要求回复',
    noReply: '不要求回复',
    assignment: '派单',
    since: '自',
    signedBy: '签收人',
    reply: '答复',
    colon: '：',
    parked: '条停放',
    unsentEvents: '个事件未发出',
    unsentNotices: '条给单位或渠道的消息未发出',
    setAside: '条无法发出',
    discarded: '已撤除',
    unheard: (said: number, heard: number): string => `已说到第 ${said} 个事件，回访服务听到第 ${heard} 个`,
  },
} as const satisfies Record<Language, object>;

/** What a clock has in store: a warning, then cards. */
export const STAGE_WORDS: Readonly<Record<string, Told>> = { ...CARD_WORDS, warning: { en: 'warning', zh: '预警' } };
