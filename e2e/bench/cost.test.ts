import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CpuProfile } from '../probes/cpu/cpuProfile.ts';
import { accountByPlace } from './cost.ts';

/** A profile in which each function was on top once, for the given µs. */
function profileOf(ran: [functionName: string, url: string, us: number][]): CpuProfile {
  const times = ran.map(([, , us]) => us);
  const frame = { scriptId: '1', lineNumber: 1, columnNumber: 1 };
  return {
    nodes: ran.map(([functionName, url], at) => ({
      id: at + 1,
      callFrame: { ...frame, functionName, url },
    })),
    startTime: 0,
    endTime: times.reduce((sum, us) => sum + us, 0),
    samples: ran.map((_, at) => at + 1),
    // A sample counts until the next one.
    timeDeltas: [0, ...times.slice(0, -1)],
  };
}

const PLACES = [
  ['node_modules/undici', 'undici'],
  ['/e2e/', 'ours'],
] as const;

test('CPU time is summed up by place in the code, without the time in which nothing ran', () => {
  const account = accountByPlace(
    profileOf([
      ['(idle)', '', 500],
      ['write', '', 40],
      ['resume', 'file:///x/node_modules/undici/lib/client.js', 30],
      ['send', 'file:///x/e2e/load/openModel.ts', 10],
      ['', 'file:///x/e2e/load/openModel.ts', 5],
      ['(garbage collector)', '', 10],
      ['(program)', '', 3],
      ['else', 'file:///y.js', 2],
    ]),
    PLACES,
  );
  assert.deepEqual(account, [
    { place: 'system calls and other native code', share: 0.4, hottest: 'write 40.0 %' },
    { place: 'undici', share: 0.3, hottest: 'resume 30.0 %' },
    { place: 'ours', share: 0.15, hottest: 'send 10.0 %, without a name 5.0 %' },
    { place: 'garbage collection', share: 0.1, hottest: '(garbage collector) 10.0 %' },
    { place: 'the engine itself', share: 0.03, hottest: '(program) 3.0 %' },
    { place: 'elsewhere', share: 0.02, hottest: 'else 2.0 %' },
  ]);
});

test('a profile in which nothing ran has no account', () => {
  assert.throws(() => accountByPlace(profileOf([['(idle)', '', 500]]), PLACES), RangeError);
});
