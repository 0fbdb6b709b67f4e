import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testPagesInBrowser } from '../testing/testPage.ts';
import {
  type CpuProfile,
  describeHottest,
  findHottestFunctions,
  type ProfileNode,
  recordCpuProfile,
  redactScriptUrl,
  selfTimes,
} from './recordCpuProfile.ts';

const SCRIPT = `
function burnPlanted(durationMs) {
  const until = performance.now() + durationMs;
  let sum = 0;
  while (performance.now() < until) for (let at = 0; at < 1000; at++) sum += Math.sqrt(at);
  return sum;
}
document.querySelector('#hot').onclick = () => burnPlanted(200);
document.querySelector('#well').onclick = () => document.body.append('clicked ');
`;

const { server, browser } = await testPagesInBrowser({
  '/': `<!doctype html><link rel="icon" href="data:,"><button id="hot">Hot</button>
<button id="well">Well</button><script src="/busy.js?key=s3cret"></script>`,
  '/busy.js': (_, response) =>
    void response.writeHead(200, { 'content-type': 'text/javascript' }).end(SCRIPT),
});

async function profileOfClick(selector: string) {
  const page = await browser.newPage();
  await page.goto(server.url);
  const profiling = await recordCpuProfile(page);
  await page.click(selector);
  const profile = await profiling.stop();
  await page.close();
  return profile;
}

test('the function that takes the CPU is the hottest, with its place and no query', async () => {
  const profile = await profileOfClick('#hot');
  const hottest = findHottestFunctions(profile);
  const lines = describeHottest(hottest);
  assert.match(lines, /^burnPlanted \(busy\.js:2:\d+\): /, lines);
  // It runs by the clock: on a busy machine its share is smaller, but it stays the hottest.
  assert.ok(Number(hottest[0]?.selfMs) > 50, lines);
  assert.ok(!JSON.stringify(profile).includes('s3cret'));
});

test('a function that does not run is not named', async () => {
  const profile = await profileOfClick('#well');
  const names = findHottestFunctions(profile, Number.POSITIVE_INFINITY);
  assert.deepEqual(
    names.filter(({ functionName }) => functionName === 'burnPlanted'),
    [],
  );
});

test('a page that is gone is an error', async () => {
  const page = await browser.newPage();
  const profiling = await recordCpuProfile(page);
  await page.close();
  await assert.rejects(profiling.stop(), { code: 'PAGE_LOST' });
});

const APP = 'https://shop.example/assets/app.js?token=abc';

/** A profile whose functions ran one after the other, each for its µs. */
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

test('time is summed by function, the hottest first, as a share of the busy time', () => {
  const burn = { functionName: 'burn', url: APP, lineNumber: 6, columnNumber: 2 };
  const hottest = findHottestFunctions(
    profileOf(
      [{ functionName: '(root)' }, 0],
      [{ functionName: '(idle)' }, 90_000],
      [burn, 2000],
      [{ functionName: 'rest', url: APP, lineNumber: 0, columnNumber: 0 }, 1000],
      [{ functionName: '(program)' }, 2000],
      [{ functionName: '(garbage collector)' }, 2000],
      // Another caller: another node of the tree, the same function.
      [burn, 3000],
    ),
  );
  assert.deepEqual(hottest, [
    { functionName: 'burn', place: 'app.js:7:3', selfMs: 5, share: 0.5 },
    { functionName: 'garbage collection', place: null, selfMs: 2, share: 0.2 },
    { functionName: 'rest', place: 'app.js:1:1', selfMs: 1, share: 0.1 },
  ]);
});

test('functions of one name differ by their place; the list has at most `count`', () => {
  const at = (columnNumber: number) => ({
    functionName: 'a',
    url: APP,
    lineNumber: 0,
    columnNumber,
  });
  const hottest = findHottestFunctions(
    profileOf([at(10), 1000], [at(20), 3000], [at(30), 2000]),
    2,
  );
  assert.deepEqual(
    hottest.map(({ place, selfMs }) => [place, selfMs]),
    [
      ['app.js:1:21', 3],
      ['app.js:1:31', 2],
    ],
  );
});

test('an idle page has no hot function', () => {
  assert.deepEqual(findHottestFunctions(profileOf([{ functionName: '(idle)' }, 50_000])), []);
  assert.deepEqual(findHottestFunctions(profileOf()), []);
});

test('a function named (idle) of a script is no idle time', () => {
  const [hot] = findHottestFunctions(
    profileOf([{ functionName: '(idle)', url: APP, lineNumber: 0 }, 50]),
  );
  assert.equal(hot?.place, 'app.js:1');
});

test('samples that were reported late count where they were taken', () => {
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

test('describes a function by name, place and time; a long name is cut and control characters go', () => {
  const url = 'https://shop.example/';
  assert.deepEqual(
    describeHottest(
      findHottestFunctions(
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

test('a URL keeps only its place', () => {
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
