import { readFileSync } from 'node:fs';
import {
  type Diagnose,
  diagnoseAnswer,
  diagnoseFirstVisit,
  diagnoseHeap,
  diagnoseVisit,
} from '../diagnosis/diagnoses.ts';
import type { Evidence } from '../matchers/judgeMeasured.ts';
import { METRICS, type MetricName } from '../metrics/metrics.ts';
import { DESKTOP } from '../workloads/page/visitor.ts';
import { expect, test } from './fixtures.ts';
import { withSalesTalk } from './measureVariant.ts';
import { PAGE_MODEL, QUICK_MODEL } from './suites.ts';

/** What is planted, how its cause is searched, and what must be found. */
const CAUSES: [defect: string, diagnose: Diagnose, metric: MetricName, named: RegExp][] = [
  ['leak-10kb', diagnoseHeap(QUICK_MODEL), 'growth', /10,\d{3} B.*leaked \(Array\)/],
  ['leak-detached', diagnoseHeap(QUICK_MODEL), 'nodeGrowth', /Detached <article>/],
  ['leak-timers', diagnoseHeap(QUICK_MODEL), 'growth', /DOMTimer/],
  ['long-task', diagnoseAnswer(PAGE_MODEL), 'blocking', /block \(blockOnSubmit\.ts:\d+/],
  ['oversized-script', diagnoseVisit, 'weight', /library\.js: \d{3},\d{3} B/],
  ['late-largest-element', diagnoseVisit, 'lcp', /the largest element was \S+ after \d{4}/],
  ['layout-shift', diagnoseFirstVisit(DESKTOP, PAGE_MODEL), 'cls', /moved .*article/],
];

test.describe('Causes of planted defects', { tag: '@performance' }, () => {
  test.skip(
    ({ run }) => run.target.name !== 'local',
    'defects are planted in the embedded SalesTalk alone',
  );

  for (const [defect, diagnose, metric, named] of CAUSES) {
    test(`The cause of ${defect} is named first`, async ({ measuring }, testInfo) => {
      const found = Promise.withResolvers<Evidence>();
      await withSalesTalk(['--defect', defect], measuring, (measureRecord) =>
        measureRecord(`why-${defect}`, async (context) => {
          found.resolve(await diagnose(context, { metric: METRICS[metric] }));
        }),
      );
      const evidence = await found.promise;
      testInfo.annotations.push({ type: 'found', description: evidence.found ?? 'nothing' });
      expect(evidence.found).toMatch(named);
      for (const { path } of evidence.files) expect(readFileSync(path).length).toBeGreaterThan(0);
    });
  }
});
