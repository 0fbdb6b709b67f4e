import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@babel/parser';
import { Hono } from 'hono';
import { createUiRoutes, hashAssets } from './routes.ts';

const app = createUiRoutes(['acme-corp-001'], {
  changeFiles: (files) => files,
  changeHtml: (template) => template,
  around: [],
});
const page = await (await app.request('/')).text();
const assetUrls = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, url]) =>
  String(url),
);

test('the page is revalidated on each visit', async () => {
  const first = await app.request('/');
  const etag = first.headers.get('ETag');
  assert.equal(first.headers.get('Cache-Control'), 'no-cache');
  assert.ok(etag);
  const second = await app.request('/', { headers: { 'If-None-Match': etag } });
  assert.equal(second.status, 304);
  const stale = await app.request('/', { headers: { 'If-None-Match': '"of-another-release"' } });
  assert.equal(stale.status, 200);
});

test('the policy admits scripts and styles of this origin only, and the page has no inline ones', async () => {
  const policy = (await app.request('/')).headers.get('Content-Security-Policy') ?? '';
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /script-src 'self'(;|$)/);
  assert.match(policy, /style-src 'self'(;|$)/);
  assert.match(policy, /connect-src 'self'(;|$)/);
  assert.doesNotMatch(policy, /unsafe|\*/);
  assert.doesNotMatch(page, /<style|\sstyle=|\son[a-z]+=/);
  for (const [script] of page.matchAll(/<script[^>]*>[^<]*/g))
    assert.match(script, / src="[^"]+">$/);
});

test('every asset that the page names exists and may be cached for a year', async () => {
  assert.ok(assetUrls.some((url) => url.endsWith('/main.ts')));
  assert.ok(assetUrls.some((url) => url.endsWith('/page.css')));
  for (const url of assetUrls) {
    const asset = await app.request(url);
    assert.equal(asset.status, 200, url);
    assert.equal(asset.headers.get('Cache-Control'), 'public, max-age=31536000, immutable', url);
    assert.equal(asset.headers.get('X-Content-Type-Options'), 'nosniff', url);
    await asset.body?.cancel();
  }
});

test('every module is JavaScript by type and by syntax, and all it imports is preloaded', async () => {
  for (const url of assetUrls.filter((candidate) => candidate.endsWith('.ts'))) {
    const asset = await app.request(url);
    assert.equal(asset.headers.get('Content-Type'), 'text/javascript; charset=utf-8', url);
    const program = parse(await asset.text(), { sourceType: 'module' }).program;
    for (const statement of program.body) {
      if (statement.type !== 'ImportDeclaration') continue;
      const imported = new URL(statement.source.value, new URL(url, 'http://page')).pathname;
      assert.ok(assetUrls.includes(imported), `${url} imports ${imported}`);
    }
  }
});

test('tests and other releases are not served', async () => {
  const [base] = assetUrls.map((url) => url.slice(0, url.lastIndexOf('/')));
  for (const url of [`${base}/runQuestion.test.ts`, '/assets/0/main.ts']) {
    const answer = await app.request(url);
    assert.equal(answer.status, 404, url);
    assert.equal(answer.headers.get('Cache-Control'), 'no-store', url);
  }
});

test('long assets are compressed on request', async () => {
  const css = assetUrls.find((url) => url.endsWith('.css')) ?? '';
  const compressed = await app.request(css, { headers: { 'Accept-Encoding': 'gzip' } });
  assert.equal(compressed.headers.get('Content-Encoding'), 'gzip');
  assert.equal(compressed.headers.get('Vary'), 'Accept-Encoding');
  const plain = await app.request(css);
  assert.equal(plain.headers.get('Content-Encoding'), null);
  assert.ok((await compressed.bytes()).length < (await plain.bytes()).length / 2);
});

test('the configuration and the icon are served', async () => {
  const config = await app.request('/config.json');
  assert.deepEqual(await config.json(), { demoWorkspaces: ['acme-corp-001'] });
  assert.equal(config.headers.get('Cache-Control'), 'no-cache');
  const icon = await app.request(assetUrls.find((url) => url.endsWith('.svg')) ?? '');
  assert.equal(icon.status, 200);
  assert.equal(icon.headers.get('Content-Type'), 'image/svg+xml');
});

test('mounted before an API, it leaves the answers of the API unchanged', async () => {
  const whole = new Hono().route('/', app);
  whole.get('/text', (c) => c.text('x'.repeat(5000)));
  const answer = await whole.request('/text', { headers: { 'Accept-Encoding': 'gzip' } });
  assert.equal(answer.headers.get('Content-Encoding'), null);
  assert.equal(answer.headers.get('Content-Security-Policy'), null);
});

const hash = (files: Record<string, string>): string =>
  hashAssets(new Map(Object.entries(files).map(([name, body]) => [name, { body }])));

test('a changed body, a changed name and a moved boundary between two bodies change the version', () => {
  const versions = [
    hash({ 'a.ts': 'one', 'b.ts': 'two' }),
    hash({ 'a.ts': 'one', 'b.ts': 'twa' }),
    hash({ 'a.ts': 'one', 'c.ts': 'two' }),
    hash({ 'a.ts': 'onet', 'b.ts': 'wo' }),
  ];
  assert.equal(new Set(versions).size, versions.length);
});
