import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { HOSTILE_TEXTS } from '../core/testing/hostileTexts.ts';
import { latencyP95 } from '../core/testing/objectives.ts';
import { recordOf, requestOf } from '../core/testing/recordOf.ts';
import { launchBrowser } from '../probes/testing/launchBrowser.ts';
import { runNested, specOf } from './testing/runNested.ts';

const browser = await launchBrowser();
after(() => browser.close());

const TEXTS = JSON.stringify(Object.values(HOSTILE_TEXTS));
const SPEC = `${specOf(latencyP95.id)}
  test(${TEXTS}.join(' '), { annotation: judges(...${TEXTS}) }, () => {
    for (const text of ${TEXTS}) {
      console.log(text);
      expect.soft(text).toBe('');
    }
  });`;

type Parsed = { names: string[]; cases: { name: string | null; failed: boolean }[] };

/** A browser's parser of XML takes nothing that is not well-formed. */
async function parseXml(xml: string): Promise<Parsed> {
  const page = await browser.newPage();
  return page.evaluate((text) => {
    const parsed = new DOMParser().parseFromString(text, 'application/xml');
    const cases = [...parsed.querySelectorAll('testcase')];
    return {
      names: [...new Set([...parsed.querySelectorAll('*')].map(({ nodeName }) => nodeName))],
      cases: cases.map((one) => ({
        name: one.getAttribute('name'),
        failed: one.querySelector('failure') !== null,
      })),
    };
  }, xml);
}

test("Playwright's JUnit report beside ours: the verdict stays, and hostile texts leave it well-formed", async () => {
  const requests = Array.from({ length: 80 }, (_, at) => requestOf(at));
  const record = recordOf([latencyP95], { requests });
  const { status, stdout, junit, metrics, summary } = await runNested({
    ...{ spec: SPEC, header: record.run, record },
    args: ['--add-reporter=junit'],
    env: { PLAYWRIGHT_JUNIT_OUTPUT_FILE: 'junit.xml', GITHUB_ACTIONS: 'true' },
  });
  assert.equal(status, 1, stdout);
  assert.equal(summary?.verdict, 'fail');
  assert.match(stdout, /\nVerdict: FAIL .*\nReport: .*\n$/);
  assert.match(metrics ?? '', /\nperf_objective_verdict\{id="classify\.latency\.p95",.*\} 1\n/);
  const { names, cases } = await parseXml(junit ?? '');
  assert.deepEqual(names, [
    ...['testsuites', 'testsuite', 'testcase', 'properties', 'property'],
    ...['system-out', 'failure'],
  ]);
  assert.deepEqual(
    cases.map(({ failed }) => failed),
    [false, true],
  );
  assert.match(cases[1]?.name ?? '', /^a<\/script><script>.*\]\]><b onclick=.*\| b \|/s);
});
