import type { Evidence } from '../matchers/judgeMeasured.ts';
import { explainGrowth } from '../probes/heap/explainGrowth.ts';
import { STEADY_HEAP_ARGS } from '../probes/heap/sampleHeap.ts';
import type { MeasuringContext } from '../workloads/measuringContext.ts';
import { newChatPage, requireTenant } from '../workloads/page/visitor.ts';
import { describeGreatestGrowth, tabulateGrowth } from './describeFindings.ts';
import { gatherEvidenceOnce, writeEvidence } from './evidence.ts';
import { type PageStep, withUnrecordedModel } from './pageStep.ts';

/** Questions before the first snapshot, so that it holds what the page keeps for good. */
const WARM_UPS = 25;

/** Repeats a step of a page and compares heap snapshots: which constructor grows, and what retains its objects. */
export async function diagnoseGrowth(step: PageStep, context: MeasuringContext): Promise<Evidence> {
  const { findings, files } = await gatherEvidenceOnce(step.name, context.run, async (folder) => {
    const explanation = await withUnrecordedModel(step, context, async (questions) => {
      await using browser = await context.openBrowser(STEADY_HEAP_ARGS);
      const chat = await newChatPage(browser, context);
      await chat.signIn(requireTenant(context));
      const iterate = () => step.take(chat, questions());
      for (let turn = 0; turn < WARM_UPS; turn++) await iterate();
      return await explainGrowth(chat.page, iterate);
    });
    return {
      findings: { growth: describeGreatestGrowth(explanation) },
      files: [writeEvidence(folder, 'heap growth.txt', tabulateGrowth(explanation))],
    };
  });
  return { found: findings.growth ?? null, files };
}
