import type { Evidence } from '../matchers/judgeMeasured.ts';
import { explainGrowth, type GrowthExplanation } from '../probes/heap/explainGrowth.ts';
import { STEADY_HEAP_ARGS } from '../probes/heap/heapPerIteration.ts';
import { type MeasuringPages, newChatPage, tenantOf } from '../workloads/page/measuringPages.ts';
import { withModel } from '../workloads/page/withModel.ts';
import { describeGrowth, findGrowth } from './describeGrowth.ts';
import { keptEvidence } from './keptEvidence.ts';
import type { PageStep } from './pageStep.ts';
import { writeEvidence } from './writeEvidence.ts';

/** As many as make the page warm, so that what it keeps for good is there before the first snapshot. */
const WARM_UPS = 25;

/** Takes a step of a page again and again and compares heap snapshots: which constructor grows, and who holds what came. */
export async function diagnoseGrowth(step: PageStep, measuring: MeasuringPages): Promise<Evidence> {
  const { findings, files } = await keptEvidence(step.name, measuring.run, async (folder) => {
    const explanation = await explain(step, measuring);
    const text = describeGrowth(explanation);
    return {
      findings: { growth: findGrowth(explanation) },
      files: [writeEvidence(folder, 'what grew, and who holds it.txt', text)],
    };
  });
  return { found: findings.growth ?? null, files };
}

function explain(step: PageStep, measuring: MeasuringPages): Promise<GrowthExplanation> {
  return withModel(step.name, step.model, measuring, async (questions) => {
    const browser = await measuring.openBrowser(STEADY_HEAP_ARGS);
    try {
      const chat = await newChatPage(browser, measuring);
      await chat.signIn(tenantOf(measuring));
      const iterate = () => step.take(chat, questions());
      for (let turn = 0; turn < WARM_UPS; turn++) await iterate();
      return await explainGrowth(chat.page, iterate);
    } finally {
      await browser.close();
    }
  });
}
