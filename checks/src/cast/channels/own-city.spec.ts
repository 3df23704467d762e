import { withCallbacks } from './own-city.js';

describe('a city whose channels are called back', () => {
  const table =
    '\uFEFFid,name,kind,active\nhotline,热线,phone,yes\nweb,"门户, 网站",web,yes\n\nold,旧,app,no\nup,"“上级”""平台""",upstream,yes\n';
  const register = async (channel: string) => ({ url: `http://127.0.0.1:1/${channel}`, secretFile: `/secrets/${channel}` });

  it('names address and secret for those that have a system, and loses nothing', async () => {
    expect((await withCallbacks(table, register)).split('\n')).toEqual([
      'id,name,kind,active,callback_url,callback_secret_file',
      'hotline,热线,phone,yes,,',
      'web,"门户, 网站",web,yes,http://127.0.0.1:1/web,/secrets/web',
      'old,旧,app,no,,',
      'up,"“上级”""平台""",upstream,yes,http://127.0.0.1:1/up,/secrets/up',
      '',
    ]);
  });

  it('leaves a table that knows call-backs its columns', async () => {
    const known = 'id,name,kind,active,callback_url,callback_secret_file\nweb,网,web,yes,https://x.example,/a\n';
    expect(await withCallbacks(known, register)).toBe(known.replace('https://x.example,/a', 'http://127.0.0.1:1/web,/secrets/web'));
  });
});
