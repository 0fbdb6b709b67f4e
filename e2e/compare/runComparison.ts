import { randomBytes } from 'node:crypto';
import { HarnessError } from '../core/harnessError.ts';
import { seededDraw } from '../core/statistics/seededDraw.ts';
import { MAX_PAIRS } from '../history/compareVersions.ts';
import type { ModelLatency } from '../probes/aiMock.ts';
import { readEnvironment } from '../probes/environment.ts';
import { nameBrowser } from '../setup/browser.ts';
import { applyModelBehaviour, nowEpochMs } from '../workloads/recordWorkload.ts';
import { type Compared, isAllClear, judgeMetrics } from './judge.ts';
import { measurePagePairs } from './measurePages.ts';
import {
  CALLS_PER_BLOCK,
  type MeasuredPairs,
  measurePairs,
  REQUESTS_PER_BLOCK,
  warmUp,
} from './measurePairs.ts';
import { METRICS, type Need, type Pair, SIDES, type SideName } from './metrics.ts';
import { differentModels, type OpenSides, openSides } from './openSides.ts';
import type { Comparison } from './report.ts';
import { comparisonInvalid, readSources } from './sides.ts';

export type ComparisonOptions = {
  baseline: string;
  candidate: string | undefined;
  isSelfTest: boolean;
  /** Given to the embedded candidate alone: plants defects. */
  candidateArgs: string[];
  onlyApi: boolean;
  /** Longest time for the pairs of the API. */
  seconds: number;
  seed: number;
  modelMedianMs: number;
  /** Folder of the git repository. */
  repository: string;
  logProgress: (line: string) => void;
};

/** P95 to median of the model's latency. */
const MODEL_SPREAD = 1.5;
/** Until the code of an embedded SalesTalk is compiled. A deployment is warm, and its model may cost money. */
const WARM_UP_BLOCKS = { embedded: 10, deployed: 1 };
/** Pairs that are dropped are replaced, up to this many. */
const MAX_SENT = 1.25 * MAX_PAIRS;
/** Fewer pairs establish nothing. */
const FEWEST_PAIRS = 15;
const PAGE_SECONDS = 45;
/** More than the questions and visits of pages are. */
const PAGE_REQUESTS = 200;

/** Why a metric is not measured; null where that goes without saying. */
type Missing = ReadonlyMap<Need, string | null>;

/** Measures and judges two versions. @throws HarnessError if they cannot be compared; what was started has ended by then */
export async function runComparison(options: ComparisonOptions): Promise<Comparison> {
  const { candidateArgs, onlyApi, seconds, seed, modelMedianMs, repository, logProgress } = options;
  const startedAt = new Date();
  const sources = readSources(options);
  if (candidateArgs.length > 0 && sources.candidate.kind === 'url') {
    throw comparisonInvalid({
      summary: 'Only an embedded candidate can be given --candidate-args.',
      found: sources.candidate.shown,
      remedy: 'Leave them out, or name a commit.',
    });
  }
  const browser = onlyApi ? null : await nameBrowser();
  await using resources = new AsyncDisposableStack();
  const wantsPage = !onlyApi;
  const open = await openSides({ sources, candidateArgs, wantsPage, repository, resources });
  const { sides, aiMock, tenants, ceilings } = open;
  const useModel = async (latency: ModelLatency): Promise<Record<SideName, string>> => {
    const scopes = { baseline: newScope(), candidate: newScope() };
    for (const scope of Object.values(scopes)) {
      // The seed comes from this name: one for both sides.
      const spec = { name: `compare ${seed}`, scope, model: [{ latency }] };
      resources.use(await applyModelBehaviour(aiMock, spec));
      resources.defer(async () => void (await aiMock?.forget(scope).catch(() => undefined)));
    }
    return scopes;
  };
  const p95Ms = MODEL_SPREAD * modelMedianMs;
  const scopes = await useModel({ distribution: 'logNormal', medianMs: modelMedianMs, p95Ms });
  const sequentialScopes = aiMock && (await useModel({ distribution: 'constant', ms: 1 }));
  countAffordablePairs(open, aiMock !== null);
  logProgress(`${sources.baseline.shown} against ${sources.candidate.shown}, seed ${seed}`);
  const warmUpBlocks = ceilings === null ? WARM_UP_BLOCKS.embedded : WARM_UP_BLOCKS.deployed;
  const maxRequestsPerSecond = ceilings?.requestsPerSecond ?? null;
  const given = { sides, aiMock, scopes, tenants, maxRequestsPerSecond };
  const withoutCalls = await warmUp(warmUpBlocks, { ...given, sequentialScopes });
  const missing = findMissing(options, open, withoutCalls);
  const isMocked = !missing.has('modelCalls');
  if (!isMocked && (sources.baseline.kind === 'url') !== (sources.candidate.kind === 'url')) {
    throw differentModels(missing.get('modelCalls') ?? '');
  }
  const asking = { ...given, sequentialScopes: isMocked ? sequentialScopes : null };
  const measurable = METRICS.filter(({ needs }) => !missing.has(needs));
  const ofApi = measurable.filter(({ needs }) => needs !== 'page');
  const ofPage = measurable.filter(({ needs }) => needs === 'page');
  const ownTimes = ofApi.filter(({ id }) => id.endsWith('.ownTime'));
  const compareAll = (pairs: readonly Pair[], metrics = ofApi): Compared[] =>
    metrics.map((metric) => ({
      metric,
      pairs: pairs.filter(({ baseline }) => metric.read(baseline).length > 0),
    }));
  const measured = await measurePairs({
    ...asking,
    draw: seededDraw(seed),
    firstBlock: warmUpBlocks * Math.max(...SIDES.map((name) => sides[name].apis.length)),
    maxSent: countAffordablePairs(open, isMocked),
    untilMs: nowEpochMs() + seconds * 1000,
    isClear: (pairs) => isAllClear(compareAll(pairs), ofApi),
    isSequentialClear: (pairs) => isAllClear(compareAll(pairs), ownTimes),
    onProgress: (done) => logProgress(`${done} of ${MAX_PAIRS} pairs`),
  });
  const api = compareAll(requirePairs(measured));
  const untilMs = nowEpochMs() + PAGE_SECONDS * 1000;
  const isClear = (pairs: readonly Pair[]) =>
    isAllClear([...api, ...compareAll(pairs, ofPage)], ofPage);
  if (ofPage.length > 0) logProgress('pages');
  const pagePairs =
    ofPage.length === 0 ? [] : await measurePagePairs({ ...asking, untilMs, isClear });
  const { failed, disturbed, failures, endedEarly } = measured;
  return {
    schemaVersion: 1,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    sides: {
      baseline: { ...sources.baseline, failedRequests: failures.baseline },
      candidate: { ...sources.candidate, failedRequests: failures.candidate },
    },
    candidateArgs,
    modelMedianMs: isMocked ? modelMedianMs : null,
    environment: readEnvironment(browser),
    seed,
    dropped: { failed, disturbed },
    metrics: judgeMetrics([...api, ...compareAll(pagePairs, ofPage)], { isLastLook: !endedEarly }),
    notMeasured: METRICS.flatMap(({ words, needs }) => {
      const reason = missing.get(needs) ?? null;
      return reason === null ? [] : [{ words, reason }];
    }),
  };
}

function findMissing(
  { onlyApi }: ComparisonOptions,
  { aiMock, sides }: OpenSides,
  withoutCalls: readonly SideName[],
): Missing {
  const missing = new Map<Need, string | null>();
  const namesOf = (names: readonly SideName[]) => names.join(' and of the ');
  if (aiMock === null) {
    missing.set('modelCalls', 'the model is a real one; AI_MOCK_PORT gives it a mocked one');
  } else if (withoutCalls.length > 0) {
    const reason = `no model call of the ${namesOf(withoutCalls)} reached the AI mock`;
    missing.set('modelCalls', reason);
  } else {
    missing.set('realModel', null);
  }
  const withoutPage = SIDES.filter((name) => sides[name].pageUrl === null);
  if (onlyApi) missing.set('page', 'left out by --only api');
  else if (withoutPage.length > 0)
    missing.set('page', `no page answers at the URL of the ${namesOf(withoutPage)}`);
  else if (!missing.has('realModel'))
    missing.set(
      'page',
      'pages are asked only if the model is mocked, since a real one costs money',
    );
  return missing;
}

/** How many pairs the ceilings of a deployment allow. @throws HarnessError CEILING_EXCEEDED if they are too few */
function countAffordablePairs({ ceilings }: OpenSides, isMocked: boolean): number {
  if (ceilings === null) return MAX_SENT;
  const { requestsPerRun, paidModelCalls } = ceilings;
  const requestsPerBlock = REQUESTS_PER_BLOCK[isMocked ? 'mocked' : 'real'];
  const blocks = {
    requestsPerRun: (requestsPerRun - PAGE_REQUESTS) / requestsPerBlock,
    paidModelCalls: isMocked ? Number.POSITIVE_INFINITY : paidModelCalls / CALLS_PER_BLOCK,
  };
  for (const [ceiling, allowed] of Object.entries(blocks)) {
    if (allowed / 2 - WARM_UP_BLOCKS.deployed >= FEWEST_PAIRS) continue;
    throw new HarnessError({
      code: 'CEILING_EXCEEDED',
      summary: 'The comparison would cost its target more than the budget allows.',
      path: `ceilings → ${ceiling}`,
      found: `${FEWEST_PAIRS} pairs of ${requestsPerBlock} requests and ${CALLS_PER_BLOCK} model calls a side at least`,
      expected: `at most ${ceilings[ceiling as keyof typeof blocks]}`,
      remedy: 'Raise the ceiling; or have the model mocked: AI_MOCK_PORT.',
    });
  }
  const pairs = Math.min(...Object.values(blocks)) / 2 - WARM_UP_BLOCKS.deployed;
  return Math.min(MAX_SENT, Math.floor(pairs));
}

function requirePairs({ pairs, failed, disturbed }: MeasuredPairs): Pair[] {
  if (pairs.length > 0) return pairs;
  throw comparisonInvalid({
    summary: 'No pair could be measured.',
    found: `${failed} pairs with a failed request, ${disturbed} during which the harness stalled`,
    remedy: 'Repair what fails, or run it on a quieter machine.',
  });
}

function newScope(): string {
  return randomBytes(4).toString('hex');
}
