import { readOptions } from '../chaos/options.js';
import { render } from '../chaos/report.js';
import { chaos } from '../chaos/run.js';

const FAULTS = 'kill:intake,kill:department-handler,kill:sla-monitor,restart:feedback,cut:dispatch,replica-kill:dispatch';

describe('a small chaos', () => {
  it('loses, doubles and disorders nothing', async () => {
    const options = readOptions([
      '--tickets',
      '300',
      '--rate',
      '25',
      '--seed',
      '7',
      '--go-on',
      '5',
      '--factor',
      '17280',
      '--faults',
      FAULTS,
    ]);
    if (options === undefined) throw new Error('no options');
    const silent = { say: () => undefined, show: () => undefined };
    const report = await chaos(options, silent, new AbortController().signal);
    // What went wrong, told as on the command line.
    if (report.violations.length > 0) throw new Error(render(report));
    expect(report.faults.map(({ hit }) => hit)).toEqual([true, true, true, true, true, true]);
    expect(report.counts).toMatchObject({ accepted: 300, refused: 0, stories: 300 });
    // How far people get in these seconds depends on the machine: 27 to 128 were seen, none of it a fault. That some get to the end is what is asked.
    expect(report.counts.approved).toBeGreaterThan(10);
    expect(report.counts.cards).toBeGreaterThan(0);
  }, 240_000);
});
