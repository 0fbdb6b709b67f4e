import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { after, test } from 'node:test';
import { launchBrowser } from '../testing/launchBrowser.ts';
import { testPage } from '../testing/testPage.ts';
import { pageWeight, uncachedAssets } from './pageWeight.ts';
import { requestPhases } from './requestPhases.ts';
import type { RequestTiming } from './requestTiming.ts';

const asset =
  (type: string, body: string, headers: Record<string, string>): RequestListener =>
  (request, response) => {
    const isKnown = headers.etag !== undefined && request.headers['if-none-match'] === headers.etag;
    response.writeHead(isKnown ? 304 : 200, { 'content-type': type, ...headers });
    response.end(isKnown ? undefined : body);
  };

const SCRIPT = `window.loaded = '${'x'.repeat(5000)}';`;
const KEPT = { 'cache-control': 'max-age=3600' };
const server = await testPage({
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
const browser = await launchBrowser();
after(async () => {
  await browser.close();
  await server[Symbol.asyncDispose]();
});

/** Two visits by one browser with an empty cache, each in a tab of its own. */
async function twoVisits(path: string): Promise<[RequestTiming[], RequestTiming[]]> {
  await using context = await browser.newContext();
  const visit = async () => {
    const page = await context.newPage();
    const recording = await requestPhases(page);
    await page.goto(server.url + path);
    const requests = await recording.stop();
    await page.close();
    return requests;
  };
  return [await visit(), await visit()];
}

test('a page whose assets are kept weighs its document alone the second time', async () => {
  const [first, second] = await twoVisits('/');
  const weight = pageWeight(first);
  assert.deepEqual([weight.requestCount, weight.cachedCount, weight.unweighedCount], [3, 0, 0]);
  assert.deepEqual(Object.keys(weight.byType), ['Document', 'Script', 'Stylesheet']);
  assert.ok(Number(weight.byType.Script?.encodedBytes) > SCRIPT.length);
  const parts = Object.values(weight.byType).map(({ encodedBytes }) => encodedBytes);
  assert.equal(
    parts.reduce((sum, bytes) => sum + bytes),
    weight.encodedBytes,
  );
  const again = pageWeight(second);
  assert.deepEqual([again.requestCount, again.cachedCount], [1, 2]);
  assert.deepEqual(Object.keys(again.byType), ['Document']);
  assert.deepEqual(uncachedAssets(first, second), []);
});

test('assets that are never kept, asked about, or renamed each time are found; data are none', async () => {
  const [first, second] = await twoVisits('/faulty');
  const found = uncachedAssets(first, second).map(({ url, resourceType, how, encodedBytes }) => [
    new URL(url).pathname,
    resourceType,
    how,
    Number(encodedBytes) > SCRIPT.length,
  ]);
  assert.deepEqual(found.sort(), [
    ['/asked-about.js', 'Script', 'revalidated', false],
    ['/busted.js', 'Script', 'downloaded', true],
    ['/stored-never.js', 'Script', 'downloaded', true],
  ]);
});

test('a request whose bytes are not known is said to be missing from the sum', () => {
  const known = { fromCache: 'none', encodedBytes: 300, resourceType: 'Fetch' } as RequestTiming;
  const broken = { ...known, encodedBytes: null };
  const { byType, ...weight } = pageWeight([known, broken]);
  assert.deepEqual(weight, {
    requestCount: 2,
    encodedBytes: 300,
    unweighedCount: 1,
    cachedCount: 0,
  });
  assert.deepEqual(byType.Fetch, { requestCount: 2, encodedBytes: 300, unweighedCount: 1 });
});
