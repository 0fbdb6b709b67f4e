import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { parse } from '@babel/parser';
import { Hono } from 'hono';
import { seededDraw } from '../../api/services.ts';
import { ManualClock } from '../../testing/manualClock.ts';
import { testSalestalk } from '../../testing/testSalestalk.ts';
import { findDefects } from '../plantDefects.ts';

const clean = await pageAnswers();

/** What the page of a defect loads in addition to the clean one. */
const addedAssets = ({ assets }: typeof clean): string[] =>
  [...assets.keys()].filter((name) => !clean.assets.has(name));

const scripts: Record<string, string> = {
  'leak-1kb': 'leaks.ts?objects=1024',
  'leak-10kb': 'leaks.ts?objects=10240',
  'leak-100kb': 'leaks.ts?objects=102400',
  'leak-detached': 'leaks.ts?detached',
  'leak-listeners': 'leaks.ts?listeners',
  'leak-timers': 'leaks.ts?timers',
  'leak-history': 'leaks.ts?history',
  'layout-shift': 'shiftOnChart.ts',
  'long-task': 'blockOnSubmit.ts',
  'request-per-chunk': 'reportChunks.ts',
  'blocking-script': 'tags.js',
  'oversized-script': 'library.js',
  'late-largest-element': 'banner.svg',
};

test('each defect of the page adds one file to it, and changes nothing else that it loads', async () => {
  for (const [name, file] of Object.entries(scripts)) {
    // Another test measures the files that come late, by a manual clock.
    if (['blocking-script', 'late-largest-element'].includes(name)) continue;
    const planted = await pageAnswers(name);
    assert.deepEqual(addedAssets(planted), [file], name);
    assert.equal(planted.assets.get(file)?.status, 200, name);
    for (const [asset, { text, headers }] of clean.assets) {
      const twin = planted.assets.get(asset);
      assert.equal(twin?.text, text, `${name}: ${asset}`);
      assert.equal(twin?.headers.get('Cache-Control'), headers.get('Cache-Control'));
    }
    const policy = 'Content-Security-Policy';
    assert.equal(planted.page.headers.get(policy), clean.page.headers.get(policy));
  }
});

test('oversized-script is 1.5 MB of valid script that compresses badly', async () => {
  const planted = await pageAnswers('oversized-script');
  const { text } = planted.assets.get('library.js') ?? assert.fail();
  assert.ok(text.length >= 1_500_000 && text.length < 1_510_000, `${text.length}`);
  assert.ok(gzipSync(text).length > text.length / 2, `${gzipSync(text).length} compressed`);
  assert.ok(parse(text).program.body.every(({ type }) => type === 'FunctionDeclaration'));
});

test('uncached-assets forbids to cache assets, and changes nothing else', async () => {
  const planted = await pageAnswers('uncached-assets');
  assert.deepEqual(addedAssets(planted), []);
  for (const [name, { headers, text }] of planted.assets) {
    assert.equal(headers.get('Cache-Control'), 'no-store', name);
    assert.equal(headers.get('ETag'), null, name);
    const { headers: cleanHeaders, text: cleanText } = clean.assets.get(name) ?? assert.fail(name);
    assert.equal(cleanHeaders.get('Cache-Control'), 'public, max-age=31536000, immutable', name);
    assert.equal(text, cleanText, name);
  }
  assert.equal(planted.page.headers.get('Cache-Control'), 'no-cache');
  assert.ok(planted.page.headers.has('ETag'));
});

/** How late a file of the page comes under a defect. */
async function fileDelayMs(name: string, file: string): Promise<number> {
  const clock = new ManualClock();
  const [defect = assert.fail()] = findDefects([name]);
  const tools = { clock, draw: seededDraw(7), aiUrl: '', tenantIds: [] };
  const change = defect.page?.(tools) ?? assert.fail();
  const app = new Hono();
  for (const around of change.around ?? []) app.use(around);
  app.get('/assets/:version/:file', (c) => c.body(null));
  await clock.runUntil(Promise.resolve(app.request(`/assets/1/${file}`)));
  return clock.monotonicMs();
}

test('only the blocking script and the banner come late', async () => {
  assert.equal(await fileDelayMs('blocking-script', 'tags.js'), 1500);
  assert.equal(await fileDelayMs('blocking-script', 'main.ts'), 0);
  assert.equal(await fileDelayMs('late-largest-element', 'banner.svg'), 3000);
  assert.equal(await fileDelayMs('late-largest-element', 'page.css'), 0);
});

test('only request-per-chunk accepts reports of chunks', async () => {
  const report = async (...defects: string[]): Promise<number> => {
    await using salestalk = await testSalestalk({ defects });
    return (await fetch(`${salestalk.url}/chunk-shown`, { method: 'POST' })).status;
  };
  assert.equal(await report('request-per-chunk'), 204);
  assert.equal(await report(), 404);
});

type PageAnswer = { url: string; status: number; headers: Headers; text: string };

/** What a visitor's browser would get: the page, and then everything that it names. */
async function pageAnswers(
  ...defects: string[]
): Promise<{ page: PageAnswer; assets: Map<string, PageAnswer> }> {
  await using salestalk = await testSalestalk({ defects });
  const get = async (path: string): Promise<PageAnswer> => {
    const response = await fetch(`${salestalk.url}${path}`);
    const { status, headers } = response;
    return { url: path, status, headers, text: await response.text() };
  };
  const page = await get('/');
  const urls = [...page.text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(
    ([, url]) => url ?? '',
  );
  const assets = await Promise.all(urls.map(get));
  return {
    page,
    // By name alone: two versions of the page differ in the rest of the path.
    assets: new Map(
      assets.map((asset) => [asset.url.slice(asset.url.lastIndexOf('/') + 1), asset]),
    ),
  };
}
