import { uuidv7 } from '@paidan/kernel';
import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface Words {
  readonly title: string;
  readonly text: string;
}

const SUBJECTS: readonly Words[] = [
  { title: '小区门口夜间施工噪音扰民', text: '从晚上十点一直施工到凌晨三点，影响老人和孩子休息' },
  { title: '路口井盖破损存在安全隐患', text: '人行道上的井盖破损塌陷，已有行人绊倒' },
  { title: '工地拖欠农民工工资', text: '在工地干了三个月，老板一直拖欠工资不发' },
  { title: '小区连续三天停水', text: '小区自来水停水已经三天，供水公司电话打不通' },
  { title: '楼下餐馆油烟扰民', text: '餐馆的油烟管道正对窗户，每天中午和晚上油烟都很大' },
  { title: '道路两侧占道经营', text: '早市摊贩占道经营，公交车进不了站，环卫也清扫不了' },
  { title: '路灯不亮', text: '小区外面一整条路的路灯不亮，晚上一片漆黑' },
  { title: '物业不作为', text: '物业收费不服务，电梯三天两头坏，楼道堆满杂物' },
  { title: '想问一下', text: '不知道该找哪个部门，说不清楚，请帮忙转一下' },
];
const COMMON: readonly string[] = [
  '多次反映没有结果',
  '严重影响居民生活',
  '请尽快处理并给个明确的答复',
  '老人小孩出行不便',
  '这种情况已经持续了很长时间',
  '希望有关部门到现场看一看',
  '周围的住户都有同样的意见',
];

/** Messages of our own, some 150 characters each, the same in each run. */
export const ownWords = (count: number): readonly Words[] =>
  Array.from({ length: count }, (_, n) => {
    const { title, text } = SUBJECTS[n % SUBJECTS.length] as Words;
    const more = Array.from({ length: 8 }, (__, at) => COMMON[(n * 7 + at * at) % COMMON.length] as string);
    return { title, text: `您好，我是${(n % 97) + 1}号楼的住户。${[text, ...more].join('，')}。` };
  });

const BATCH = 1_000;

/**
 * So many more tickets in the schema of dispatch, with its newest one's record and words of their own, each a second after the one before.
 * @param url of the database, as superuser
 */
export async function addTickets(url: string, words: readonly Words[], count: number): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const began = Date.now() - count * 1_000;
    for (let done = 0; done < count; done += BATCH) {
      const batch = Array.from({ length: Math.min(BATCH, count - done) }, (_, n) => {
        const { title, text } = words[(done + n) % words.length] as Words;
        const at = began + (done + n) * 1_000;
        return { id: uuidv7(at, randomBytes(10)), at: new Date(at).toISOString(), content: JSON.stringify({ kind: 'open', title, text }) };
      });
      const ids = batch.map(({ id }) => id);
      await client.query(
        `insert into dispatch.ticket (ticket_id, sequence, handled, timers, timer_version, parked, record)
         select id, 1, handled, timers, timer_version, false,
           (record::jsonb || jsonb_build_object('number', 'bench-' || $3::integer + n, 'receivedAt', received_at))::json
         from unnest($1::uuid[], $2::text[]) with ordinality as made (id, received_at, n),
           (select * from dispatch.ticket where record is not null order by ticket_id desc limit 1) newest`,
        [ids, batch.map(({ at }) => at), done],
      );
      await client.query('insert into dispatch.ticket_text select * from unnest($1::uuid[], $2::text[])', [
        ids,
        batch.map(({ content }) => content),
      ]);
    }
    await client.query('analyze dispatch.ticket, dispatch.ticket_text');
  } finally {
    await client.end();
  }
}
