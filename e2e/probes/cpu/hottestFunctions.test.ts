import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CpuProfile, type ProfileNode, redactScriptUrl } from './cpuProfile.ts';
import { describeHottest, hottestFunctions, selfTimes } from './hottestFunctions.ts';

const APP = 'https://shop.example/assets/app.js?token=abc';

/** A profile whose functions ran one after the other, each for so many µs. */
function profileOf(...ran: [Partial<ProfileNode['callFrame']>, us: number][]): CpuProfile {
  const frame = { functionName: '', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 };
  return {
    nodes: ran.map(([callFrame], id) => ({ id, callFrame: { ...frame, ...callFrame } })),
    startTime: 5000,
    endTime: 5000 + ran.reduce((sum, [, us]) => sum + us, 0),
    samples: ran.map((_, id) => id),
    timeDeltas: ran.map((_, id) => ran[id - 1]?.[1] ?? 0),
  };
}

test('time is by function, the hottest first, as a share of what was not idle', () => {
  const burn = { functionName: 'burn', url: APP, lineNumber: 6, columnNumber: 2 };
  const hottest = hottestFunctions(
    profileOf(
      [{ functionName: '(root)' }, 0],
      [{ functionName: '(idle)' }, 90_000],
      [burn, 2000],
      [{ functionName: 'rest', url: APP, lineNumber: 0, columnNumber: 0 }, 1000],
      [{ functionName: '(program)' }, 2000],
      [{ functionName: '(garbage collector)' }, 2000],
      // Called from elsewhere, it is another node of the tree and the same function.
      [burn, 3000],
    ),
  );
  assert.deepEqual(hottest, [
    { functionName: 'burn', file: 'app.js', line: 7, column: 3, selfMs: 5, share: 0.5 },
    {
      functionName: 'garbage collection',
      file: null,
      line: null,
      column: null,
      selfMs: 2,
      share: 0.2,
    },
    { functionName: 'rest', file: 'app.js', line: 1, column: 1, selfMs: 1, share: 0.1 },
  ]);
});

test('functions of one name are told apart by their place, and no more are given than asked for', () => {
  const at = (columnNumber: number) => ({
    functionName: 'a',
    url: APP,
    lineNumber: 0,
    columnNumber,
  });
  const hottest = hottestFunctions(profileOf([at(10), 1000], [at(20), 3000], [at(30), 2000]), 2);
  assert.deepEqual(
    hottest.map(({ column, selfMs }) => [column, selfMs]),
    [
      [21, 3],
      [31, 2],
    ],
  );
});

test('a page that did nothing has no hot function', () => {
  assert.deepEqual(hottestFunctions(profileOf([{ functionName: '(idle)' }, 50_000])), []);
  assert.deepEqual(hottestFunctions(profileOf()), []);
});

test('a script that calls itself idle is not taken for the idle thread', () => {
  const [hot] = hottestFunctions(
    profileOf([{ functionName: '(idle)', url: APP, lineNumber: 0 }, 50]),
  );
  assert.equal(hot?.file, 'app.js');
});

test('samples that were told late count where they were taken', () => {
  const profile = {
    ...profileOf([{}, 1], [{}, 1]),
    startTime: 0,
    endTime: 100,
    samples: [0, 1, 0],
    timeDeltas: [10, 50, -20],
  };
  assert.deepEqual(
    selfTimes(profile),
    new Map([
      [0, 50],
      [1, 40],
    ]),
  );
  assert.throws(() => selfTimes({ ...profile, samples: [0] }), RangeError);
});

test('lines name a function, its place and its time; a name is neither long nor a command to a terminal', () => {
  const url = 'https://shop.example/';
  assert.deepEqual(
    describeHottest(
      hottestFunctions(
        profileOf(
          [{ url: APP, lineNumber: 6, columnNumber: 0 }, 5000],
          [{ functionName: 'holdFor', url, lineNumber: 1, columnNumber: 17 }, 3000],
          [{ functionName: 'sort' }, 1000],
          [{ functionName: `\u001B[2J${'x'.repeat(100)}` }, 900],
          [{ functionName: '' }, 100],
        ),
      ),
    ).split('\n'),
    [
      '(anonymous) app.js:7:1: 5.0 ms, 50.0 % of the busy time',
      'holdFor (/:2:18): 3.0 ms, 30.0 % of the busy time',
      'sort: 1.0 ms, 10.0 % of the busy time',
      `[2J${'x'.repeat(56)}…: 0.9 ms, 9.0 % of the busy time`,
      '(anonymous): 0.1 ms, 1.0 % of the busy time',
    ],
  );
});

test('of an address only its place is kept', () => {
  const kept = 'https://shop.example:8443/assets/app.js';
  assert.equal(
    redactScriptUrl('https://me:pw@shop.example:8443/assets/app.js?token=abc#tab'),
    kept,
  );
  assert.equal(redactScriptUrl('data:text/javascript,secret()'), 'data:');
  assert.equal(redactScriptUrl('blob:https://shop.example/1-2'), 'blob:');
  assert.equal(redactScriptUrl('__playwright_evaluation_script__1'), '');
  assert.equal(redactScriptUrl(''), '');
});
