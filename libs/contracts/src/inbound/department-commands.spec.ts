import { decodeCommand } from './decode.js';
import { ReplyCommand } from './department-commands.js';

const about = { commandId: '0193a3c2-5c00-7000-8000-00000000000a', ticketId: '0193a3c2-5c00-7000-8000-000000000001', assignment: 1 };
const decode = (command: Record<string, unknown>) => decodeCommand(Buffer.from(JSON.stringify(command)));

describe('a department command', () => {
  it.each([
    [{ command: 'sign' }],
    [{ command: 'return', reason: 'not-our-duty', grounds: '道路养护属城管', legalBasis: '职责清单第三条' }],
    [{ command: 'contact', outcome: 'no-answer' }],
    [{ command: 'contact', outcome: 'reached', contactedAt: '2026-11-22T10:03:00+08:00' }],
    [{ command: 'progress', note: '已到现场' }],
    [{ command: 'suspend', reason: 'season', grounds: '待回暖后施工', until: '2027-03-01T09:00:00+08:00', approvedBy: 'chief-003' }],
    [{ command: 'resume' }],
    [{ command: 'request-extension', span: { count: 3, unit: 'WD' }, grounds: '配件需从外地调运' }],
    [{ command: 'reply', text: '已修复。', outcome: 'resolved' }],
    [{ command: 'approve', round: 1 }],
    [{ command: 'send-back', round: 1, reason: '请补充照片' }],
  ])('%j is read', (command) => {
    expect(decode({ ...about, ...command })).toMatchObject({ ok: true, command: { ...about, ...command } });
  });

  it('is an instance of its class, ids in canonical form', () => {
    const result = decode({
      ...about,
      commandId: about.commandId.toUpperCase(),
      command: 'reply',
      text: 'x',
      outcome: 'explained',
      version: 1,
    });
    expect(result.ok && result.command).toBeInstanceOf(ReplyCommand);
    expect(result.ok && result.command.commandId).toBe(about.commandId);
  });

  it('that can not be read is answered by id', () => {
    expect(decode({ ...about, command: 'burn' })).toMatchObject({
      ok: false,
      reason: 'unknown-command',
      commandId: about.commandId,
      ticketId: about.ticketId,
    });
    expect(decode({ ...about, command: 'sign', version: 2 })).toMatchObject({ reason: 'unsupported-version', command: 'sign' });
    expect(decode({ ...about, command: 'return', reason: 'bored', grounds: 'x' })).toMatchObject({
      reason: 'bad-shape',
      errors: [{ pointer: '/reason', code: 'is-in' }],
    });
    expect(decode({ ...about, assignment: 0, command: 'sign', unit: 'chengguan' })).toMatchObject({
      reason: 'bad-shape',
      detail: '/unit: unknown-field; /assignment: min',
    });
    const extension = { ...about, command: 'request-extension', grounds: 'x' };
    expect(decode(extension)).toMatchObject({ reason: 'bad-shape', errors: [{ pointer: '/span', code: 'required' }] });
    expect(decode({ ...extension, span: { count: 0, unit: 'MIN' } })).toMatchObject({
      errors: [
        { pointer: '/span/count', code: 'min' },
        { pointer: '/span/unit', code: 'is-in' },
      ],
    });
    expect(decode({ ...about, command: 'suspend', reason: 'season', grounds: 'x', until: '2027-03-01' })).toMatchObject({
      errors: [{ pointer: '/until', code: 'instant' }],
    });
    expect(decode({ ...about, command: 'sign', commandId: 'x' })).toMatchObject({ reason: 'bad-shape', detail: '/commandId: uuid' });
    const inGbk = Buffer.concat([Buffer.from('{"command":"progress","note":"'), Buffer.from([0xb2, 0xbb]), Buffer.from('"}')]);
    expect(decodeCommand(inGbk)).toMatchObject({ ok: false, reason: 'bad-json', detail: expect.stringContaining('UTF-8') });
    expect(decodeCommand('nonsense')).toMatchObject({ ok: false, reason: 'bad-json' });
    for (const value of ['[]', 'null', '"sign"']) expect(decodeCommand(value)).toMatchObject({ ok: false, reason: 'unknown-command' });
  });
});
