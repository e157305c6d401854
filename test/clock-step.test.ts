/** The wall clock of the real program is set, by libfaketime: no request, no change of an average, each step counted. */
import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { accuracy, Program } from './support/program.ts';
import { describeWith } from './support/requirements.ts';
import { scratch } from './support/scratch.ts';

const CONFIG = `metrics: [{name: accuracy, drift: {below: 0.85, for: 30m}, action: retrain}]
retrain: {initial_hold: 0s, group_wait: 0s}
`;

/** What `faketime` sets for its child, but with the offset in a file, so that it can change under a running program. */
const LIBRARY = '/usr/$LIB/faketime/libfaketime.so.1';

describeWith(['faketime'], 'setting the wall clock', () => {
  it('by -1 h, +1 h and +10 years decides nothing', async () => {
    using folder = scratch();
    const offset = folder.file('offset');
    writeFileSync(offset, '+0');
    writeFileSync(folder.file('driftgauge.yaml'), CONFIG);
    await using program = await Program.start({
      storagePath: folder.file('data'),
      configFile: folder.file('driftgauge.yaml'),
      env: {
        LD_PRELOAD: LIBRARY,
        FAKETIME_TIMESTAMP_FILE: offset,
        FAKETIME_NO_CACHE: '1',
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
      },
    });
    const push = async () => expect((await program.post('/api/v1/events', accuracy(0.5))).status).toBe(204);
    const look = async () => {
      const [signal] =
        await program.data<{ ema: number; samples: number; state: string; since: string }[]>(
          '/api/v1/signals',
        );
      return signal!;
    };
    await push();
    const before = await look();
    let steps = 0;
    for (const [setting, byHours] of [
      ['-1h', -1],
      ['+0', 1],
      ['+3652d', 3652 * 24],
    ] as const) {
      const { since } = await look();
      writeFileSync(offset, setting);
      await push();
      steps++;
      const page = await (await program.get('/metrics')).text();
      expect(page).toMatch(new RegExp(`^driftgauge_clock_steps_total ${steps}$`, 'm'));
      const after = await look();
      expect(after).toMatchObject({ ema: before.ema, state: 'pending', samples: before.samples + steps });
      // Since when it breaches was stamped by us, so it has moved with the clock.
      expect(Date.parse(after.since) - Date.parse(since)).toBeCloseTo(byHours * 3_600_000, -4);
    }
    expect(await program.data('/api/v1/retrains')).toEqual([]);
    expect(await program.data('/api/v1/episodes')).toEqual([]);
  });
});
