import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { test } from 'node:test';
import { testPagesInBrowser } from '../testing/testPage.ts';
import { recordRequests } from './recordRequests.ts';
import type { RequestTiming } from './requestTiming.ts';
import { findUncachedAssets, weighPage } from './weighPage.ts';

const asset =
  (type: string, body: string, headers: Record<string, string>): RequestListener =>
  (request, response) => {
    const isKnown = headers.etag !== undefined && request.headers['if-none-match'] === headers.etag;
    response.writeHead(isKnown ? 304 : 200, { 'content-type': type, ...headers });
    response.end(isKnown ? undefined : body);
  };

const SCRIPT = `window.loaded = '${'x'.repeat(5000)}';`;
const KEPT = { 'cache-control': 'max-age=3600' };
const { server, browser } = await testPagesInBrowser({
  '/': '<link rel="icon" href="data:,"><link rel="stylesheet" href="/kept.css"><script src="/kept.js"></script>',
  '/faulty': `<link rel="icon" href="data:,"><link rel="stylesheet" href="/kept.css">
    <script src="/stored-never.js"></script><script src="/asked-about.js"></script>
    <script>document.write('<script src="/busted.js?' + Math.random() + '"></' + 'script>')</script>
    <script>fetch('/data').then((response) => response.text())</script>`,
  '/kept.css': asset('text/css', 'h1 { color: red }', KEPT),
  '/kept.js': asset('text/javascript', SCRIPT, KEPT),
  '/stored-never.js': asset('text/javascript', SCRIPT, { 'cache-control': 'no-store' }),
  '/asked-about.js': asset('text/javascript', SCRIPT, { 'cache-control': 'no-cache', etag: '"1"' }),
  '/busted.js': asset('text/javascript', SCRIPT, KEPT),
  '/data': asset('application/json', '{}', { 'cache-control': 'no-store' }),
});

/** Two visits by one browser with an empty cache, each in a tab of its own. */
async function twoVisits(path: string): Promise<[RequestTiming[], RequestTiming[]]> {
  await using context = await browser.newContext();
  const visit = async () => {
    const page = await context.newPage();
    const recording = await recordRequests(page);
    await page.goto(server.url + path);
    const requests = await recording.stop();
    await page.close();
    return requests;
  };
  return [await visit(), await visit()];
}

test('a page whose assets are kept weighs its document alone the second time', async () => {
  const [first, second] = await twoVisits('/');
  const weight = weighPage(first);
  assert.deepEqual([weight.requestCount, weight.unweighedCount], [3, 0]);
  assert.ok(weight.encodedBytes > SCRIPT.length);
  const again = weighPage(second);
  assert.equal(again.requestCount, 1);
  assert.ok(again.encodedBytes < SCRIPT.length);
  assert.deepEqual(findUncachedAssets(first, second), []);
});

test('finds assets that are never kept, revalidated, or renamed each time, and no data', async () => {
  const [first, second] = await twoVisits('/faulty');
  const found = findUncachedAssets(first, second).map(({ url, encodedBytes }) => [
    new URL(url).pathname,
    Number(encodedBytes) > SCRIPT.length,
  ]);
  assert.deepEqual(found.sort(), [
    ['/asked-about.js', false],
    ['/busted.js', true],
    ['/stored-never.js', true],
  ]);
});

test('a request of unknown size is counted as missing from the sum', () => {
  const known = { fromCache: 'none', encodedBytes: 300 } as RequestTiming;
  assert.deepEqual(weighPage([known, { ...known, encodedBytes: null }]), {
    requestCount: 2,
    encodedBytes: 300,
    unweighedCount: 1,
  });
});
