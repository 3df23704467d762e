import { readFileSync } from 'node:fs';
import { parseChannels } from './channels-file.js';

const HEADING = 'id,name,kind,active';

describe('the channels file', () => {
  it('of the example city is read', () => {
    const channels = parseChannels(readFileSync(new URL('../../../../deploy/city/channels.csv', import.meta.url), 'utf8'));
    expect(channels.get('hotline-12345')).toEqual({ id: 'hotline-12345', kind: 'phone' });
    expect(channels.size).toBeGreaterThan(5);
  });

  it('may come from a spreadsheet: byte order mark, CRLF, quotes, columns in another order', () => {
    const text = `\uFEFFkind,"id",active,name\r\nweb,"web-1",yes,"网页, ""一""号"\r\n\r\nsms,sms-1,no,短信\r\n`;
    expect([...parseChannels(text)]).toEqual([['web-1', { id: 'web-1', kind: 'web' }]]);
  });

  it.each([
    ['id,name,kind', 'line 1: no column «active»'],
    [`${HEADING}\nweb-1,网页,web`, 'line 2: has 3 cells, the heading has 4'],
    [`${HEADING}\nweb-1,网页,web,yes\nWEB,网页,web,yes`, 'line 3: id «WEB» must match'],
    [`${HEADING}\nweb-1,网页,fax,yes`, 'line 2: kind «fax» is none of phone'],
    [`${HEADING}\nweb-1,网页,web,maybe`, 'line 2: active is «maybe»'],
    [`${HEADING}\nweb-1,网页,web,no\nweb-1,网页,web,yes`, 'line 3: channel web-1 is there twice'],
  ])('%j is refused with its line', (text, message) => {
    expect(() => parseChannels(text)).toThrow(message);
  });
});
