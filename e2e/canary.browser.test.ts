import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, test } from 'node:test';
import { secretScrubber } from './core/secrets/secretScrubber.ts';
import { closedPort, fakeServer } from './probes/testing/fakeServer.ts';
import { removeLeaks } from './report/removeLeaks.ts';
import { startEmbeddedSalesTalk } from './setup/embedded.ts';
import { startPlaywright } from './testing/startPlaywright.ts';
import { temporaryFolder } from './testing/temporaryFolder.ts';

/** Signs the tokens of the runs. Neither it nor they may appear anywhere. */
const SECRET = 'canary-secret-of-a-test-deployment-31337';
const QUERY_SECRET = 'canary-in-a-query-4711';
const TENANTS = 'acme-corp-001,techstart-inc-002,tenant-0001,tenant-0002,tenant-0003';

/** A page with a sign-in that never ends: the token stays in its field, readable. */
const deafPage = await fakeServer((_, response) => {
  response.writeHead(200, { 'content-type': 'text/html' });
  response.end(`<!doctype html><html lang="en"><title>SalesTalk</title>
    <input aria-label="Access token"><button>Sign in</button>
    <p id="seen"></p><script>
      const field = document.querySelector('input');
      field.oninput = () => { document.querySelector('#seen').textContent = field.value; };
    </script>`);
});
after(() => deafPage[Symbol.asyncDispose]());

type Run = {
  args: string[];
  defects?: string[];
  uiUrl?: string;
  mustFail: boolean;
  /** Output of a run that got as far as it should. */
  says: RegExp;
};

const RUNS: Record<string, Run> = {
  'smoke with a sign-in that fails': {
    args: ['--project=smoke', 'e2e/smoke/page.spec.ts'],
    uiUrl: `${deafPage.url}/?key=${QUERY_SECRET}`,
    mustFail: true,
    says: /SIGN_IN_FAILED/,
  },
  'a page objective whose sign-in fails': {
    args: ['--project=perf', '--grep=answer.latency.p95'],
    uiUrl: deafPage.url,
    mustFail: true,
    says: /SIGN_IN_FAILED/,
  },
  'a page objective that is missed, with its diagnosis': {
    args: ['--project=perf', '--grep=answer.blocking.p95'],
    defects: ['long-task'],
    mustFail: true,
    says: /1 missed/,
  },
  'Lighthouse, by a URL with a secret': {
    args: ['--project=perf', '--grep=lighthouse.lcp.p50'],
    uiUrl: `?key=${QUERY_SECRET}`,
    mustFail: false,
    says: /Verdict: PASS/,
  },
  'a load': {
    args: ['--project=load', 'e2e/load/fiveTenants.spec.ts'],
    mustFail: false,
    says: /Verdict: PASS/,
  },
};

for (const [what, { args, defects = [], uiUrl, mustFail, says }] of Object.entries(RUNS)) {
  test(`no token and no secret is left behind by ${what}`, { timeout: 400_000 }, async () => {
    using folder = temporaryFolder();
    const aiPort = await closedPort();
    const salestalk = await startEmbeddedSalesTalk({
      jwtSecret: SECRET,
      aiUrl: `http://127.0.0.1:${aiPort}`,
      args: ['--flavour', 'planned', ...defects.flatMap((defect) => ['--defect', defect])],
    });
    try {
      const { ended } = startPlaywright(['test', ...args], {
        env: {
          PERF_REPORT_DIR: folder.path,
          SALESTALK_TARGET: 'dev',
          SALESTALK_API_URL: salestalk.url,
          SALESTALK_UI_URL: new URL(uiUrl ?? '', salestalk.url).href,
          SALESTALK_JWT_SECRET: SECRET,
          SALESTALK_TENANTS: TENANTS,
          AI_MOCK_PORT: String(aiPort),
        },
      });
      const { status, output } = await ended;
      assert.equal(status !== 0, mustFail, output);
      assert.match(output, says);
      // The reporter's own search for leaks, which comes last, must have found nothing.
      assert.ok(!output.includes('the report contained a token'), output);
      assert.ok(!secretScrubber([SECRET, QUERY_SECRET]).holdsSecret(output), output);
      assert.deepEqual(removeLeaks(folder.path, [SECRET, QUERY_SECRET]), []);
      assert.ok(readdirSync(folder.path).includes('playwright'), 'there is no report to search');
    } finally {
      await salestalk.stop();
    }
  });
}
