import type { RuledOutReason } from '@paidan/contracts';
import { indexDirectory, type Area, type DirectoryData, type Handler, type Matter, type Unit } from './directory.js';
import type { Appeal, Guides, RoutingDecision } from './decision.js';
import { route } from './first-decision.js';

/** A city just big enough for each rule of routing to have something to decide about. */
const area = (code: string, name: string, level: Area['level'], parent?: string, aliases: string[] = []): Area => ({
  code,
  name,
  level,
  aliases,
  ...(parent === undefined ? {} : { parent }),
});
const unit = (code: string, name: string, kind: Unit['kind'], areas: string[], more: Partial<Unit> = {}): Unit => ({
  code,
  name,
  kind,
  areas,
  aliases: [],
  level: kind === 'street' || kind === 'district' || kind === 'community' ? kind : 'city',
  integration: 'kafka',
  active: true,
  ...more,
});
const by = (lead: string): Handler =>
  lead === 'street' || lead === 'district' || lead === 'utility' ? { by: lead } : { by: 'unit', unit: lead };
const matter = (code: string, name: string, english: string, handlers: string[], strong: string[], weak: string[] = []): Matter => ({
  code,
  name,
  english,
  topic: code.slice(0, 2),
  lead: by(handlers[0] ?? ''),
  coHandlers: handlers.slice(1).map(by),
  strong,
  weak,
});

export const SMALL_CITY: DirectoryData = {
  version: 7,
  areas: [
    area('990100', '示例市', 'city', undefined, ['A市']),
    area('990102', '东区', 'district', '990100', ['A1区']),
    area('990103', '西区', 'district', '990100'),
    area('990102001', '桃园街道', 'street', '990102'),
    area('990102002', '柳园街道', 'street', '990102'),
    area('990103001', '河口镇', 'street', '990103'),
  ],
  units: [
    unit('urban', '示例市城管局', 'bureau', ['990100'], { aliases: ['城管局', '城管'] }),
    unit('environment', '示例市生态环境局', 'bureau', ['990100'], { aliases: ['环保局'] }),
    unit('housing', '示例市住建局', 'bureau', ['990100'], { aliases: ['住建局'] }),
    unit('police', '示例市公安局', 'bureau', ['990100'], { aliases: ['公安局'] }),
    unit('traffic-police', '示例市交警支队', 'bureau', ['990100'], { aliases: ['交警'], parent: 'police' }),
    unit('education', '示例市教育局', 'bureau', ['990100'], { aliases: ['教育局'] }),
    unit('water', '示例市自来水公司', 'utility', ['990100'], { aliases: ['自来水公司'] }),
    unit('power', '示例市供电公司', 'utility', ['990100']),
    unit('prices', '示例市市监局', 'bureau', ['990100'], { aliases: ['市监局'] }),
    unit('east-buses', '东区公交公司', 'utility', ['990102']),
    unit('old-bureau', '示例市园林局', 'bureau', ['990100'], { active: false, aliases: ['园林局'] }),
    unit('east', '东区人民政府', 'district', ['990102']),
    unit('west', '西区人民政府', 'district', ['990103']),
    unit('peach', '桃园街道办事处', 'street', ['990102001'], { parent: 'east' }),
    unit('willow', '柳园街道办事处', 'street', ['990102002'], { parent: 'east' }),
    unit('river', '河口镇人民政府', 'street', ['990103001'], { parent: 'west' }),
  ],
  responsibilities: [],
  mailboxes: [],
  topics: [
    { code: '01', name: '市容', english: 'City appearance' },
    { code: '03', name: '水电', english: 'Water and power' },
    { code: '12', name: '社会', english: 'Society' },
  ],
  matters: [
    matter('0101', '占道经营', 'Street trading', ['urban', 'street'], ['占道经营', '流动摊贩'], ['摊贩']),
    matter('0102', '施工噪声', 'Building noise', ['urban', 'environment'], ['夜间施工', '施工噪音'], ['噪音']),
    matter('0103', '工业噪声', 'Industrial noise', ['environment'], ['工厂噪音'], ['噪音']),
    matter('0104', '园林绿化', 'Greenery', ['old-bureau'], ['行道树']),
    matter('0105', '公交', 'Buses', ['east-buses', 'urban'], ['公交线路']),
    matter('0301', '停水', 'Water cuts', ['water'], ['停水'], ['水费']),
    matter('0302', '停电', 'Power cuts', ['power'], ['停电'], ['电费']),
    matter('0303', '公用收费', 'Utility bills', ['utility', 'prices'], ['水费', '电费', '多收费']),
    matter('1201', '邻里纠纷', 'Neighbours', ['street'], ['邻里纠纷', '楼道堆物'], ['邻居']),
    matter('1202', '征地', 'Expropriation', ['district', 'housing'], ['征地补偿']),
    matter('1203', '教师', 'Teachers', ['education'], ['教师工资'], ['学校']),
    matter('1204', '停车', 'Parking', ['traffic-police', 'urban'], ['乱停车']),
  ],
};

const SMALL_DIRECTORY = indexDirectory(SMALL_CITY);

/** given(…).when(appeal): what the first decision is. */
export const given = (options: Partial<Guides> & { excluded?: Record<string, RuledOutReason>; at?: number } = {}) => ({
  when: (appeal: Partial<Appeal>): RoutingDecision =>
    route(
      { directory: options.directory ?? SMALL_DIRECTORY, rules: options.rules, topics: options.topics },
      { channel: 'web', appealType: 'help', urgency: 'normal', confidentiality: 'open', receivedAt: 0, title: '', text: '', ...appeal },
      options.at ?? 0,
      new Map(Object.entries(options.excluded ?? {})),
    ),
});
