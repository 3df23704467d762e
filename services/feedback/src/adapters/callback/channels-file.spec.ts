import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCallbacks } from './channels-file.js';

const folder = mkdtempSync(join(tmpdir(), 'paidan-callbacks-'));
writeFileSync(join(folder, 'web.secret'), `whsec_${Buffer.alloc(32, 1).toString('base64')}\n`);
writeFileSync(join(folder, 'short.secret'), 'whsec_AAAA');
afterAll(() => rmSync(folder, { recursive: true }));

const HEADING = 'id,name,kind,active,callback_url,callback_secret_file';
const parse = (text: string, allowHttp = false) => parseCallbacks(text, { allowHttp, folder });

describe('the call-backs of the channels file', () => {
  it('are none in the example city, and need no columns', () => {
    expect(parse(readFileSync(new URL('../../../../../deploy/city/channels.csv', import.meta.url), 'utf8')).size).toBe(0);
    expect(parse('id,name,kind,active\nweb-1,网页,web,yes').size).toBe(0);
  });

  it('have an address and a secret in a file beside it', () => {
    const found = parse(`${HEADING}\nweb-1,网页,web,yes,https://web.example/replies?a=1,web.secret\nsms-1,短信,sms,no,,\n`);
    expect([...found]).toEqual([['web-1', { url: new URL('https://web.example/replies?a=1'), secretFile: join(folder, 'web.secret') }]]);
  });

  it.each([
    ['web-1,网页,web,yes,http://web.example/,web.secret', 'line 2: the call-back of web-1: callback_url must begin with https://'],
    ['web-1,网页,web,yes,ftp://web.example/,web.secret', 'must begin with https://'],
    ['web-1,网页,web,yes,web.example,web.secret', 'callback_url is not a URL'],
    ['web-1,网页,web,yes,https://me:pass@web.example/,web.secret', 'must not contain a name or password'],
    ['web-1,网页,web,yes,https://web.example/,', 'line 2: the call-back of web-1 has no callback_secret_file'],
    ['web-1,网页,web,yes,,web.secret', 'line 2: web-1 has a secret and no call-back'],
    ['web-1,网页,web,yes,https://web.example/,none.secret', 'line 2: the call-back of web-1: ENOENT'],
    ['web-1,网页,web,yes,https://web.example/,short.secret', 'whsec_ and 24 to 64 bytes'],
    ['WEB,网页,web,yes,,', 'line 2: id «WEB» must match'],
    ['web-1,网页', 'line 2: has 2 cells, the heading has 6'],
  ])('%j is refused with its line', (line, message) => {
    expect(() => parse(`${HEADING}\n${line}`)).toThrow(message);
  });

  it('may be plain http where that is allowed', () => {
    expect(parse(`${HEADING}\nweb-1,网页,web,yes,http://127.0.0.1:9/,web.secret`, true).get('web-1')?.url.port).toBe('9');
  });
});
