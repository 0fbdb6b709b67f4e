import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { launchBrowser } from '../testing/launchBrowser.ts';
import { testPage } from '../testing/testPage.ts';
import { cpuProfile } from './cpuProfile.ts';
import { describeHottest, hottestFunctions } from './hottestFunctions.ts';

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

const server = await testPage({
  '/': `<!doctype html><link rel="icon" href="data:,"><button id="hot">Hot</button>
<button id="well">Well</button><script src="/busy.js?key=s3cret"></script>`,
  '/busy.js': (_, response) =>
    void response.writeHead(200, { 'content-type': 'text/javascript' }).end(SCRIPT),
});
const browser = await launchBrowser();
after(async () => {
  await browser.close();
  await server[Symbol.asyncDispose]();
});

async function profileOfClick(selector: string) {
  const page = await browser.newPage();
  await page.goto(server.url);
  const profiling = await cpuProfile(page);
  await page.click(selector);
  const profile = await profiling.stop();
  await page.close();
  return profile;
}

test('the function that burns the CPU is the hottest, with its place and no query', async () => {
  const profile = await profileOfClick('#hot');
  const hottest = hottestFunctions(profile);
  const lines = describeHottest(hottest);
  assert.match(lines, /^burnPlanted \(busy\.js:2:\d+\): /, lines);
  // It runs by the clock: on a machine that is held up its share is smaller, but it stays the hottest.
  assert.ok(Number(hottest[0]?.selfMs) > 50, lines);
  assert.ok(!JSON.stringify(profile).includes('s3cret'));
});

test('its twin, where it does not run, does not name it', async () => {
  const profile = await profileOfClick('#well');
  const names = hottestFunctions(profile, Number.POSITIVE_INFINITY);
  assert.deepEqual(
    names.filter(({ functionName }) => functionName === 'burnPlanted'),
    [],
  );
});

test('a page that is gone says so', async () => {
  const page = await browser.newPage();
  const profiling = await cpuProfile(page);
  await page.close();
  await assert.rejects(profiling.stop(), { code: 'PAGE_LOST' });
});
