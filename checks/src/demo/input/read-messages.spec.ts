import { Misuse } from '@paidan/local/call';
import { readMessages } from './read-messages.js';

const read = (text: string, limit?: number) => readMessages(Buffer.from(text), limit);
const rows = (text: string) => read(text).messages.map(({ row, line, title }) => [row, line, title]);

describe('a table of messages', () => {
  it('is read by the names in its heading, whatever else stands there', () => {
    const { messages, broken } = read(
      '\uFEFFid,Body,reply, TITLE ,time\r\n7,路灯不亮,已修复,路灯,2019/4/25 9:32:09\r\n8,积水,,下水道,\r\n',
    );
    expect(messages).toEqual([
      { row: 1, line: 2, title: '路灯', body: '路灯不亮', reply: '已修复', time: '2019/4/25 9:32:09' },
      { row: 2, line: 3, title: '下水道', body: '积水' },
    ]);
    expect(broken).toEqual([]);
  });

  it('counts lines as an editor does: blank ones, and those inside a cell', () => {
    expect(rows('title,body\n\n一,"两\n行"\n\n\n二,x\n三,y')).toEqual([
      [1, 3, '一'],
      [2, 7, '二'],
      [3, 8, '三'],
    ]);
  });

  it('ends at the limit, broken rows counted', () => {
    const { messages, broken } = read('title,body\na\nb,1\nc,2\nd,3\n', 2);
    expect(messages.map(({ title }) => title)).toEqual(['b']);
    expect(broken).toHaveLength(1);
  });

  it('keeps empty titles: what may be empty is intake’s to say', () => {
    expect(read('title,body\n,x\n').messages).toMatchObject([{ title: '', body: 'x' }]);
  });
});

describe('a broken row', () => {
  it.each([
    ['too few cells', '只有一格', /^has 1 cells, the heading has 2$/],
    ['too many cells', 'a,b,c', /^has 3 cells/],
    ['a quote never closed', '标题,"正文', /quote/],
    ['a quote in a quoted cell', '"坏"引号,正文', /quote inside a quoted cell/],
    ['a quote in a plain cell', '有"引号,正文', /does not begin with one/],
  ])('with %s is told with row and line, and the rest flows', (_what, broken, reason) => {
    const result = read(`title,body\n一,x\n${broken}\n二,"y\nz"\n三,x\n`);
    expect(result.messages.map(({ title, line }) => [title, line])).toEqual([
      ['一', 2],
      ['二', 4],
      ['三', 6],
    ]);
    expect(result.broken).toEqual([{ row: 2, line: 3, reason: expect.stringMatching(reason) }]);
  });

  it('at the very end is told too', () => {
    expect(read('title,body\na,b\nc,"d').broken).toMatchObject([{ row: 2, line: 3, reason: 'has a quote that is never closed' }]);
  });

  it('can be one that is not UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from('title,body\n一,x\n'), Buffer.from([0xc2, 0xb7, 0xb5, 0xc6]), Buffer.from(',y\n二,\uFFFD')]);
    const { messages, broken } = readMessages(bytes);
    expect(messages.map(({ title }) => title)).toEqual(['一']);
    expect(broken.map(({ row }) => row)).toEqual([2, 3]);
    // Where the file is UTF-8, a replacement character is somebody's own.
    expect(read('title,body\n二,\uFFFD').broken).toEqual([]);
  });
});

describe('what is no table of messages', () => {
  it.each([
    ['an empty file', '', /it is empty/],
    ['without a body', 'title,text\na,b', /no column body; its heading is: title, text/],
    ['with a heading that can not be read', '"title,body\na,b', /heading can't be read: has a quote/],
  ])('%s is refused as a whole', (_what, text, words) => {
    expect(() => read(text)).toThrow(Misuse);
    expect(() => read(text)).toThrow(words);
  });
});
