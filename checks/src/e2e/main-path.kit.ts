import type { Who } from './city.kit.js';

export const officerOf = (unit: string): Who => ({ sub: `officer-of-${unit}`, roles: ['officer'], unit });
export const approverOf = (unit: string): Who => ({ sub: `approver-of-${unit}`, roles: ['approver'], unit });

export const CITIZEN = {
  name: '欧阳铁柱',
  phone: '13812345678',
  email: 'tiezhu.ouyang@example.cn',
  address: '槐荫里小区9栋404室',
  accountId: 'openid-8f3a2c',
};
export const BY_TEXT_MESSAGE = { name: '司马小翠', phone: '+86 139 8765 4321' };
export const REPORTER = { name: '诸葛明月', phone: '13700001111' };

export const NOISE = {
  externalId: 'web-1',
  appealType: 'complaint',
  title: '夜间施工噪声扰民',
  text: '工地夜间施工，施工噪声很大，夜间施工到凌晨两点，老人无法入睡。',
  place: { address: '槐荫里路与书香路口工地', adminCode: '990102' },
  contact: CITIZEN,
};
export const LIGHTS = {
  externalId: 'sms-1',
  appealType: 'help',
  title: '路灯不亮',
  text: '小区门口没有路灯，一片漆黑，请安装路灯。',
  contact: BY_TEXT_MESSAGE,
};
export const VAGUE = { externalId: 'web-2', appealType: 'other', title: '一件小事', text: '不知道该找谁。' };
export const SECRET = '后厨用回收油炒菜的是三号档口的郭师傅';
export const REPORT = {
  externalId: 'web-3',
  appealType: 'report',
  title: '举报望江楼餐馆食品安全',
  text: `望江楼餐馆食品安全有问题，${SECRET}，食品过期，吃了拉肚子。`,
  place: { address: '望江楼二层东厅', adminCode: '990102' },
  contact: REPORTER,
};
export const SECRETS = [SECRET, REPORT.title, REPORT.place.address, '望江楼'];
