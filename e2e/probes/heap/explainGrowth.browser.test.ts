import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testPagesInBrowser } from '../testing/testPage.ts';
import { explainGrowth, type GrowthExplanation } from './explainGrowth.ts';
import { STEADY_HEAP_ARGS } from './sampleHeap.ts';

const SECRET = 'eyJhbGciOiJIUzI1NiJ9.c2VjcmV0.c2lnbmF0dXJl';

/** `code` is run once a turn; `store` is the variable of a closure, `turns` counts. */
type Leak = { code: string; found: Record<string, RegExp> };

const LEAKS: Record<string, Leak> = {
  'plain objects in an array': {
    code: 'window.leaks ??= []; leaks.push(Array.from({ length: 42 }, (_, at) => ({ at, turns })));',
    found: { Object: /^Window → leaks \(Array\) → \[\d+\] \(Array\) → \[\d+\] \(Object\)$/ },
  },
  'objects of a class behind a closure, detached elements, listeners and marks': {
    code: `class Row { turn = turns } store.rows ??= []; for (let n = 0; n < 40; n++) store.rows.push(new Row());
      window.off ??= []; off.push(document.createElement('section'));
      addEventListener('resize', () => turns); performance.mark('turn ' + turns);`,
    found: {
      Row: /→ \(scope\) → store \(Object\) → rows \(Array\) → \[\d+\] \(Row\)$/,
      'Detached <section>': /^Window → off \(Array\) → \[\d+\] \(Detached <section>\)$/,
      PerformanceMark: /^Window → .*Performance → .*PerformanceMark$/,
      V8EventListener: /^Window → EventTargetData → .*→ V8EventListener$/,
    },
  },
  'timers with closures': {
    code: 'const rows = Array.from({ length: 40 }, (_, at) => ({ at })); setInterval(() => rows.length, 1e9);',
    found: {
      DOMTimer: /^Window → DOMTimerCoordinator → DOMTimer$/,
      Object: /→ DOMTimer → .*→ Function → \(scope\) → rows \(Array\) → \[\d+\] \(Object\)$/,
    },
  },
  'an unbounded history of texts, a dictionary keyed by what only the page should know': {
    code: `store.history ??= new Map(); store.history.set('${SECRET}' + turns, { answer: ['${SECRET}', turns, 'an answer of some length'].join(' ').repeat(3) + turns });
      window.Entry ??= class Entry { turn = turns }; window.byToken ??= {}; byToken['${SECRET}' + turns] = new Entry();`,
    found: {
      Object: /store \(Object\) → history \(Map\) → \(array\) → Object$/,
      Entry: /^Window → byToken \(Object\) → \[…\] \(Entry\)$/,
    },
  },
};

/** A page that asks its server and redraws its list in each turn, with secrets in an attribute and a text. */
const leakingPage = (code: string) => `<title>turns</title><ul></ul><script>{
  const store = {};
  let turns = 0;
  window.turn = async () => {
    turns += 1;
    await (await fetch('/clean')).text();
    document.querySelector('ul').replaceChildren(...Array.from({ length: 20 }, (_, at) => {
      const item = document.createElement('li');
      item.dataset.token = '${SECRET}';
      item.textContent = '${SECRET} ' + at + ' of ' + turns;
      return item;
    }));
    ${code};
  };
}</script>`;

const { server, browser } = await testPagesInBrowser(
  {
    '/clean': leakingPage(''),
    ...Object.fromEntries(
      Object.entries(LEAKS).map(([, { code }], at) => [`/${at}`, leakingPage(code)]),
    ),
  },
  STEADY_HEAP_ARGS,
);

async function explain(path: string): Promise<GrowthExplanation> {
  const page = await browser.newPage();
  await page.goto(`${server.url}${path}`);
  const iterate = () => page.evaluate('turn()').then(() => undefined);
  for (let warmUp = 0; warmUp < 3; warmUp++) await iterate();
  const explanation = await explainGrowth(page, iterate, 6);
  await page.close();
  return explanation;
}

Object.entries(LEAKS).forEach(([leak, { found }], at) => {
  test(`${leak}: finds what grows and what holds it, and shows no text of the page`, async () => {
    const { growth, iterations } = await explain(`/${at}`);
    for (const [constructorName, path] of Object.entries(found)) {
      const row = growth.find((one) => one.constructorName === constructorName);
      assert.ok(row !== undefined, JSON.stringify(growth, null, 1));
      assert.ok(row.countDelta >= iterations);
      assert.ok(row.retainedDeltaBytes >= row.selfDeltaBytes);
      assert.match(row.retainers?.path ?? 'nothing', path);
    }
    assert.doesNotMatch(JSON.stringify(growth), /eyJ|c2Vj|answer of| of \d/);
  });
});

test('the clean twin has no growth', async () => {
  assert.deepEqual((await explain('/clean')).growth, []);
});

test('a page that crashes is an error', async () => {
  const page = await browser.newPage();
  const session = await page.context().newCDPSession(page);
  const iterate = async () => void (await session.send('Page.crash'));
  await assert.rejects(explainGrowth(page, iterate, 1), { code: 'PAGE_LOST' });
  await page.close();
});
