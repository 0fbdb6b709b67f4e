import { fileURLToPath } from 'node:url';
import { openAuditor } from '../../probes/lighthouse/askAuditor.ts';
import type { AuditorProcess } from '../../probes/lighthouse/auditorProcess.ts';
import { runUserFlow } from '../../probes/lighthouse/runLighthouse.ts';
import { QUESTIONS, type RequestPlace, withNonce } from '../../salestalk/questions.ts';
import { tokenFrom } from '../../setup/tokens.ts';
import { auditReportPath } from './auditReportPath.ts';
import { KEY_HELD_MS } from './measureFirstVisits.ts';
import { PAGE_MODEL } from './measurePageAnswers.ts';
import { measureUses } from './measureUses.ts';
import { type MeasuringPages, secretsOf, tenantOf, uiOf } from './measuringPages.ts';
import type { Use } from './runUses.ts';
import { useOfFlow } from './useOfFlow.ts';

const NAME = 'lighthouseFlow';
/** The browser, a visit, a question and Lighthouse's own work, on a busy machine. */
const PATIENCE_MS = 120_000;
const ANSWER_PATIENCE_MS = 30_000;
const PAGE_SCRIPT = fileURLToPath(new URL('../../salestalk/lighthouseFlow.ts', import.meta.url));

/**
 * Has Lighthouse visit the page as its mobile phone on a slow network, and watch while somebody signs in and asks, flow after flow in a browser of
 * its own; keeps each report.
 */
export async function measureLighthouseFlow(measuring: MeasuringPages): Promise<void> {
  // A browser of its own each time: there is nothing to warm.
  const uses = { name: NAME, operation: NAME, warmUps: 0, model: PAGE_MODEL };
  await measureUses(uses, measuring, async (resources) => {
    const auditor = resources.use(openAuditor(PAGE_SCRIPT));
    return (place) => auditFlow(measuring, auditor, place);
  });
}

async function auditFlow(
  measuring: MeasuringPages,
  auditor: AuditorProcess,
  place: RequestPlace,
): Promise<Use> {
  const { run, tokens } = measuring;
  const tenant = tenantOf(measuring);
  const token = tokenFrom(tokens)(tenant);
  const sentAtMs = performance.timeOrigin + performance.now();
  const flow = await runUserFlow({
    url: uiOf(run),
    formFactor: 'mobile',
    throttling: 'simulate',
    categories: ['performance', 'accessibility', 'best-practices'],
    timeoutMs: PATIENCE_MS,
    reportPath: auditReportPath(run.reportDir, NAME, place.index),
    secrets: secretsOf(measuring),
    pageScript: PAGE_SCRIPT,
    auditor,
    input: {
      url: uiOf(run),
      tenant,
      token,
      question: withNonce(QUESTIONS[0], place),
      keyHeldMs: KEY_HELD_MS,
      patienceMs: ANSWER_PATIENCE_MS,
    },
  });
  return useOfFlow(flow, { sentAtMs, tenant });
}
