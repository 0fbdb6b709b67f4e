import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { RunRecord } from '../../core/record/runRecord.ts';
import { closedPort } from '../../probes/testing/fakeServer.ts';
import { launchBrowser } from '../../probes/testing/launchBrowser.ts';
import { tokenOf } from '../../testing/fakeSalesTalk.ts';
import { hungPages } from '../../testing/hungPages.ts';
import { type Fakes, withFakes } from '../../testing/withFakes.ts';
import { SITUATIONS } from '../api/situations.ts';
import { deriveScope, deriveSeed } from '../recordWorkload.ts';
import {
  HUNG_PAGE,
  type HungPageRun,
  openSignedInPages,
  runHungPage,
  type SignedInPage,
} from './hungPage.ts';

const browser = await launchBrowser();
after(() => browser.close());

const SCOPE = deriveScope('run-1', HUNG_PAGE);
const TENANT = 'acme-corp-001';
const { model } = SITUATIONS.hungPage;
const UNOPENED: SignedInPage = { openedAtMs: 1, chat: null, trouble: 'no page' };

const runOf = ({ context }: Fakes): HungPageRun => ({
  ...context,
  aiMock: context.aiMock as NonNullable<typeof context.aiMock>,
  pages: [UNOPENED],
  model,
  patienceMs: 1,
  onAsked: () => undefined,
});

/** Asks from pages of this path, and returns the record. */
async function ask(
  path: string,
  parts: { pages?: number; url?: string; patienceMs?: number } = {},
  also?: (fakes: Fakes) => void,
) {
  const askedAtMs: number[] = [];
  return await withFakes({}, async (fakes) => {
    const { context, aiMock } = fakes;
    await using server = await hungPages(aiMock);
    context.run.target.uiUrl = parts.url ?? `${server.url}${path}`;
    const run = runOf(fakes);
    await runHungPage({
      ...run,
      pages: await openSignedInPages(browser, parts.pages ?? 1, run),
      // Ample, since a page that shows a failure is not waited for.
      patienceMs: parts.patienceMs ?? 20_000,
      onAsked: () => askedAtMs.push(performance.timeOrigin + performance.now()),
    });
    also?.(fakes);
    const record = context.record.read();
    // By then every page has asked, and none has been watched to its end.
    const [asked = Number.NaN] = askedAtMs;
    assert.equal(askedAtMs.length, 1);
    for (const { sentAtMs, values, failure } of pagesOf(record)) {
      assert.ok(sentAtMs <= asked, `sent ${sentAtMs - asked} ms after`);
      const wasAsked = !failure?.includes('could not be asked');
      if (wasAsked) assert.ok(sentAtMs + (values.endedMs ?? Number.NaN) > asked, failure ?? '');
    }
    return record;
  });
}

const pagesOf = (record: RunRecord | undefined) =>
  record?.samples.filter((line) => line.type === 'iteration') ?? [];

test('a page that shows a failure and offers to try again passes', async () => {
  const record = await ask('/tells', { pages: 2 }, ({ aiMock }) => {
    assert.deepEqual(aiMock.asked, [
      `PUT ${SCOPE} ${JSON.stringify({ seed: deriveSeed(HUNG_PAGE), behaviours: [{ fault: { kind: 'hang' } }] })}`,
      `DELETE ${SCOPE}`,
    ]);
  });
  assert.equal(pagesOf(record).length, 2);
  for (const { id, index, checks, objection, failure, fault, workload, tenant } of pagesOf(
    record,
  )) {
    assert.deepEqual([checks, objection], [{ page: true }, null]);
    assert.equal(failure, 'the page shows a failure');
    assert.deepEqual(
      [id, fault, workload, tenant],
      [`${SCOPE}-${index}`, HUNG_PAGE, HUNG_PAGE, TENANT],
    );
  }
  assert.deepEqual(
    record.modelCalls.map(({ index, end, fault }) => [index, end, fault]).sort(),
    [0, 1].map((index) => [index, 'open', 'hang']),
  );
  assert.deepEqual(
    record.workloads.map(({ state, modelCallsMatched, planned }) => [
      state,
      modelCallsMatched,
      planned,
    ]),
    [
      ['started', null, { page: 2 }],
      ['complete', true, { page: 2 }],
    ],
  );
  const [inside] = pagesOf(await ask('/tells-inside'));
  assert.deepEqual(inside?.checks, { page: true });
});

test('a page that shows no failure, or no way to try again, fails after the patience of its user', async () => {
  const paths = ['/silent', '/button-alone', '/no-retry', '/hidden', '/elsewhere'];
  const records = await Promise.all(paths.map((path) => ask(path, { patienceMs: 700 })));
  for (const [at, path] of paths.entries()) {
    const request = pagesOf(records[at])[0];
    assert.deepEqual(request?.checks, { page: false }, path);
    assert.equal(request?.failure, 'the page keeps waiting');
    assert.equal(request?.objection, 'nothing shown within 1 s');
    assert.ok((request?.values.endedMs as number) >= 700);
  }
});

test('a failure that a page shows without a call of the model proves nothing', async () => {
  const record = await ask('/tells?deaf');
  const [request] = pagesOf(record);
  assert.deepEqual(request?.checks, {});
  assert.deepEqual([record.modelCalls, record.workloads.at(-1)?.modelCallsMatched], [[], false]);
  // A page that shows nothing fails all the same.
  assert.deepEqual(pagesOf(await ask('/silent?deaf', { patienceMs: 700 }))[0]?.checks, {
    page: false,
  });
});

test('a page that cannot be opened proves nothing', async () => {
  const url = `http://127.0.0.1:${await closedPort()}/`;
  const record = await ask('', { url, pages: 2 });
  assert.equal(pagesOf(record).length, 2);
  for (const { failure, checks, objection } of pagesOf(record)) {
    assert.match(failure ?? '', /^the page could not be asked: .*ERR_CONNECTION_REFUSED/);
    assert.deepEqual([checks, objection], [{}, null]);
  }
  assert.ok(!JSON.stringify(record).includes(tokenOf(TENANT)));
  assert.equal(record.workloads.at(-1)?.state, 'complete');
});

test('a measured page is not measured again', async () => {
  await withFakes({}, async (fakes) => {
    const counts = () => [fakes.aiMock.asked.length, fakes.context.record.read().samples.length];
    await runHungPage(runOf(fakes));
    const before = counts();
    await runHungPage(runOf(fakes));
    assert.deepEqual(counts(), before);
  });
});

test('without control of the model nothing is recorded', async () => {
  await withFakes({}, async (fakes) => {
    fakes.aiMock.break();
    await assert.rejects(runHungPage(runOf(fakes)), { code: 'AI_MOCK_FAILED' });
    const { samples, workloads } = fakes.context.record.read();
    assert.deepEqual([samples, workloads.map(({ state }) => state)], [[], ['started']]);
  });
});
