import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Objective } from '../core/budget/objective.ts';
import { parseJson } from '../core/readJson.ts';
import type { Evidence, EvidenceFile } from '../matchers/judgeMeasured.ts';
import type { ModelBehaviour } from '../probes/aiMock.ts';
import { explainGrowth } from '../probes/heap/explainGrowth.ts';
import { STEADY_HEAP_ARGS } from '../probes/heap/sampleHeap.ts';
import { collectVitals, type PageVitals } from '../probes/page/collectVitals.ts';
import {
  type CpuProfile,
  describeHottest,
  findHottestFunctions,
  recordCpuProfile,
} from '../probes/page/recordCpuProfile.ts';
import { recordRequests } from '../probes/page/recordRequests.ts';
import { recordTrace } from '../probes/page/recordTrace.ts';
import type { RequestTiming } from '../probes/page/requestTiming.ts';
import { waterfallChart } from '../report/charts/waterfallChart.ts';
import type { ChatPage } from '../salestalk/chatPage.ts';
import { QUESTIONS, withNonce } from '../salestalk/questions.ts';
import type { RunContext } from '../setup/runContext.ts';
import type { MeasuringContext, WorkloadContext } from '../workloads/measuringContext.ts';
import { listSecrets, newChatPage, requireTenant } from '../workloads/page/visitor.ts';
import { applyModelBehaviour, deriveScope } from '../workloads/recordWorkload.ts';
import {
  arrangeWaterfall,
  describeGreatestGrowth,
  describeHeaviest,
  describeVitals,
  tabulateGrowth,
} from './describeFindings.ts';

/** A step on a page that is repeated to find the cause of a miss. */
export type PageStep = {
  /** Names the workload whose step it is. */
  name: string;
  model: ModelBehaviour[];
  /** True: the step types a token, which a picture of the page may show. */
  signsIn?: true;
  /** Brings the page to where the step begins. The model answers `question` as in the workload. */
  prepare: (chat: ChatPage, question: string) => Promise<void>;
  take: (chat: ChatPage, question: string) => Promise<void>;
};

export type Questions = () => string;

/** Runs `work` while the model behaves as in a workload. Calls for its questions belong to no record. */
export async function withUnrecordedModel<T>(
  { name, model }: Pick<PageStep, 'name' | 'model'>,
  { run, aiMock }: Pick<WorkloadContext, 'run' | 'aiMock'>,
  work: (questions: Questions) => Promise<T>,
): Promise<T> {
  const scope = deriveScope(run.id, `${name}, unrecorded`);
  using _ = await applyModelBehaviour(aiMock, { name, scope, model });
  let index = 0;
  try {
    return await work(() => withNonce(QUESTIONS[0], { scope, index: index++ }));
  } finally {
    await aiMock?.forget(scope).catch(() => undefined);
  }
}

/** A function that held the main thread for less than this explains no miss. */
const MIN_BLOCKING_MS = 40;

/** Repeats a step twice, in new browsers: with a CPU profile, and with a trace, whose own work would dominate it. @throws HarnessError PAGE_LOST */
export async function diagnoseStep(
  step: PageStep,
  context: MeasuringContext,
  { metric }: Pick<Objective, 'metric'>,
): Promise<Evidence> {
  const { findings, files } = await gatherEvidenceOnce(step.name, context.run, (folder) =>
    withUnrecordedModel(step, context, async (questions) => {
      const observed = await observeStep(step, context, questions);
      const trace = await traceStep(step, context, questions, folder);
      const evidence = writeFindings(step.name, observed, folder);
      return { ...evidence, files: [...evidence.files, trace] };
    }),
  );
  const found = findings[metric.finding ?? 'busiest'] ?? findings.busiest ?? null;
  return { found, files };
}

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

type ObservedStep = {
  profile: CpuProfile;
  requests: RequestTiming[];
  /** Null if the step opens no document. */
  vitals: PageVitals | null;
};

async function observeStep(
  step: PageStep,
  context: MeasuringContext,
  questions: Questions,
): Promise<ObservedStep> {
  await using browser = await context.openBrowser();
  const chat = await newChatPage(browser, context);
  await step.prepare(chat, questions());
  const collection = await collectVitals(chat.page);
  const recording = await recordRequests(chat.page);
  const profiling = await recordCpuProfile(chat.page);
  await step.take(chat, questions());
  const profile = await profiling.stop();
  const vitals = await collection.read().catch(() => null);
  return { profile, requests: await recording.stop(), vitals };
}

function writeFindings(
  name: string,
  { profile, requests, vitals }: ObservedStep,
  folder: string,
): StepEvidence {
  const hottest = findHottestFunctions(profile);
  const [first] = hottest;
  const isBlocking = first !== undefined && first.selfMs >= MIN_BLOCKING_MS;
  const waterfall = arrangeWaterfall(name, requests);
  const write = (file: string, text: string) => writeEvidence(folder, file, text);
  return {
    findings: {
      busiest: isBlocking
        ? `Taken once more, the step kept the main thread busiest with ${describeHottest([first])}.`
        : null,
      heaviest: describeHeaviest(requests),
      ...(vitals === null ? {} : describeVitals(vitals)),
    },
    files: [
      write('hottest functions.txt', `${describeHottest(hottest)}\n`),
      write(`${name}.cpuprofile`, JSON.stringify(profile)),
      ...(waterfall === null ? [] : [write('requests.svg', waterfallChart(waterfall))]),
    ],
  };
}

async function traceStep(
  step: PageStep,
  context: MeasuringContext,
  questions: Questions,
  folder: string,
): Promise<EvidenceFile> {
  const file = path.join(folder, 'trace.zip');
  await using browser = await context.openBrowser();
  const chat = await newChatPage(browser, context);
  await step.prepare(chat, questions());
  const trace = await recordTrace(chat.page.context(), {
    file,
    secrets: listSecrets(context),
    pictures: step.signsIn !== true,
  });
  await step.take(chat, questions());
  await trace.stop();
  // Playwright's report opens a file of this name in its trace viewer.
  return { name: 'trace', path: file, contentType: 'application/zip' };
}

/** What repeating a step showed, for any missed objective: sentences by subject, and files. */
type StepEvidence = { findings: Record<string, string | null>; files: EvidenceFile[] };

/** Gathers the evidence of a step once a run, for all objectives and workers: it is kept in a folder named after the step, under `diagnosis/`. */
async function gatherEvidenceOnce(
  name: string,
  run: Pick<RunContext, 'id' | 'reportDir'>,
  gather: (folder: string) => Promise<StepEvidence>,
): Promise<StepEvidence> {
  const folder = path.join(run.reportDir, 'diagnosis', name);
  const file = path.join(folder, 'evidence.json');
  type Kept = { run: string; evidence: StepEvidence };
  // Undefined also for a file that was not written to its end.
  const kept = existsSync(file) ? (parseJson(readFileSync(file, 'utf8')) as Kept) : undefined;
  if (kept?.run === run.id) return kept.evidence;
  mkdirSync(folder, { recursive: true });
  const evidence = await gather(folder);
  writeFileSync(file, JSON.stringify({ run: run.id, evidence }));
  return evidence;
}

const CONTENT_TYPES: Record<string, string> = {
  '.svg': 'image/svg+xml',
  '.cpuprofile': 'application/json',
};

/** Writes a file for the report; the end of its name gives its type. */
function writeEvidence(folder: string, name: string, text: string): EvidenceFile {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return { name, path: file, contentType: CONTENT_TYPES[path.extname(name)] ?? 'text/plain' };
}
