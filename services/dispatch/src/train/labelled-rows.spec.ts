import { dispatchError } from '../errors.js';
import { readLabelledRows, requireKnown } from './labelled-rows.js';

const read = (text: string | Uint8Array) => readLabelledRows(Buffer.from(text), 'rows.csv');
const refusalOf = (act: () => unknown): string => {
  try {
    act();
    return 'read';
  } catch (error) {
    if (!dispatchError.is(error)) throw error;
    return `${error.code} ${error.message}`;
  }
};

describe('labelled rows', () => {
  it('are read with their lines, other columns and blank lines passed over', () => {
    expect(read('\ufefflabel,form,text\r\n公交,raw,"两\n行"\r\n\r\n学校,raw,入学\r\n')).toEqual([
      { label: '公交', text: '两\n行', line: 3 },
      { label: '学校', text: '入学', line: 5 },
    ]);
  });

  it.each([
    ['', 'rows-empty rows.csv:1'],
    ['label,text\n', 'rows-empty rows.csv:2'],
    ['label,body\na,b\n', 'column-missing rows.csv:1: has no column text'],
    ['a\n', 'column-missing rows.csv:1: has no column label, text'],
    ['label,text\na,b\na,b,c\n', 'rows-unreadable rows.csv:3: has 3 cells, the heading has 2'],
    ['label,text\na,b\n,c\na, \n', 'rows-unreadable rows.csv:3: has no label\nrows.csv:4: has no text'],
    ['label,text\na,"b\n', 'rows-unreadable rows.csv:'],
  ])('of %j are refused by file and line', (text, refusal) => {
    expect(refusalOf(() => read(text))).toContain(refusal);
  });

  it('that are no UTF-8 are refused', () => {
    expect(refusalOf(() => read(Uint8Array.of(0x6c, 0xce, 0xd2)))).toContain('rows-unreadable rows.csv: is not UTF-8');
  });

  it('with a label never seen are refused, each line named, up to twenty', () => {
    const rows = read(`label,text\n公交,a\n${'外星,b\n'.repeat(30)}`);
    const refusal = refusalOf(() => requireKnown(rows, ['公交', '学校'], 'corrections.csv'));
    expect(refusal).toContain('label-unknown corrections.csv:3: label "外星"');
    expect(refusal).toContain('and 10 more\nknown: 公交, 学校');
    expect(refusalOf(() => requireKnown(rows.slice(0, 1), ['公交'], 'corrections.csv'))).toBe('read');
  });
});
