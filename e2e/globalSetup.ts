import path from 'node:path';
import type { FullConfig } from '@playwright/test';
import { readVariable } from './core/environmentVariables.ts';
import { RECORD_VERSION, type RunLine } from './core/record/recordLine.ts';
import { readRunEnvironment } from './core/record/runEnvironment.ts';
import { secretsInUrl } from './core/secrets/secretScrubber.ts';
import { declaredMeasurements } from './declaredMeasurements.ts';
import { AiMockControl } from './probes/aiMock.ts';
import { PAGE_HOSTS_VARIABLE, TRUSTED_KEYS_VARIABLE } from './probes/chromium.ts';
import { readCommit, readEnvironment } from './probes/environment.ts';
import { nameBrowser } from './setup/browser.ts';
import { checkApi } from './setup/checkApi.ts';
import { checkClaim, checkClaims } from './setup/checkClaims.ts';
import { checkCertificates, checkUi, checkUiInBrowser } from './setup/checkUi.ts';
import { addEarlierRuns, readEarlierRuns } from './setup/earlierRuns.ts';
import { excludeMultiTenantObjectives, loadBudget, resolveBudget } from './setup/loadBudget.ts';
import { openTarget } from './setup/openTarget.ts';
import { readTargetName, readTargetVariables } from './setup/readEnvironment.ts';
import { recordExits, watchExits } from './setup/recordWriter.ts';
import { refuseOptions } from './setup/refuseOptions.ts';
import { publishRunContext } from './setup/runContext.ts';
import { noteSecrets } from './setup/secretsOfRun.ts';
import { describeShard, measureClockOffset, readShard } from './setup/shard.ts';
import { publishTokens, readTokens } from './setup/tokens.ts';
import { refuseContradictoryWorkloads, refuseImpossibleObjectives } from './workloads/api/plan.ts';
import { refuseCostlyLoads } from './workloads/ceilings.ts';
import { deriveSeed } from './workloads/recordWorkload.ts';

/**
 * Reads and checks everything that a run depends on, starts the embedded processes, and passes the results to the workers.
 * An error ends the run here, before anything is sent or written.
 */
export default async function globalSetup(config: FullConfig): Promise<() => Promise<void>> {
  refuseOptions(config, process.env);
  const name = readTargetName(process.env);
  const loaded = loadBudget(name);
  const { budget, file } = loaded;
  const projects = config.filteredProjects.map((project) => project.name);
  const shardOptions = readShard(process.env, projects, budget, Date.now());
  // Reports a contradiction in the budget before a server is started.
  resolveBudget(loaded);
  const variables = readTargetVariables(name, process.env);
  // Set where Node looks for it, for this process and the workers.
  const { NODE_EXTRA_CA_CERTS } = variables;
  if (NODE_EXTRA_CA_CERTS !== undefined) process.env.NODE_EXTRA_CA_CERTS = NODE_EXTRA_CA_CERTS;
  // Reports a broken baseline or history before the run starts.
  const earlier = readEarlierRuns(name, readVariable(process.env, 'PERF_HISTORY'));
  // The browser starts while the target does. Its failure counts only if the target has a UI, which is known later.
  const naming = budget.supports.ui && shardOptions === null ? nameBrowser() : null;
  naming?.catch(() => undefined);
  const opened = await openTarget({ name, budget, budgetFile: file, variables });
  const stop = async (): Promise<void> => {
    await Promise.all(Object.values(opened.processes).map((process) => process.stop()));
  };
  const exits = watchExits(opened.processes);
  try {
    const { target, secrets } = opened;
    const { apiUrl, uiUrl, aiMockControlUrl } = target;
    const trustedKeys = await checkCertificates([apiUrl, uiUrl], budget.hosts);
    process.env[TRUSTED_KEYS_VARIABLE] = trustedKeys.join(',');
    process.env[PAGE_HOSTS_VARIABLE] = [...budget.hosts, ...budget.pageHosts].join(',');
    const browser = target.supports.ui ? await naming : null;
    const tokens = await readTokens(opened.tokenSource, target.tenants, new Date());
    target.tenants = [...tokens.keys()];
    publishTokens(tokens);
    noteSecrets([
      ...tokens.values(),
      opened.tokenSource.SALESTALK_JWT_SECRET,
      secrets.AI_MOCK_CONTROL_TOKEN,
      ...[apiUrl, uiUrl, aiMockControlUrl].flatMap(secretsInUrl),
    ]);
    if (apiUrl !== null) await checkClaim('api', file, () => checkApi(apiUrl, tokens, target.http));
    if (uiUrl !== null) await checkClaim('ui', file, () => checkUi(uiUrl));
    // A browser decides for itself which certificates it accepts.
    if (uiUrl?.startsWith('https:') && browser !== null) await checkUiInBrowser(uiUrl);
    const { AI_MOCK_CONTROL_TOKEN: controlToken = '' } = secrets;
    const aiMock =
      aiMockControlUrl === null ? null : new AiMockControl(aiMockControlUrl, controlToken);
    // It costs calls of a real model, which shards must not multiply.
    const isCheckedElsewhere = (shardOptions?.index ?? 1) > 1 && aiMock === null;
    if (!isCheckedElsewhere) await checkClaims({ target, budgetFile: file, tokens, aiMock });
    const reportDir = path.resolve(readVariable(process.env, 'PERF_REPORT_DIR') ?? 'perf-report');
    const { statistics, knownGaps, ...resolved } = resolveBudget(loaded, target.supports);
    Object.assign(process.env, secrets);
    const environment = readEnvironment(browser);
    const judged = excludeMultiTenantObjectives(resolved, target);
    const shard =
      shardOptions === null
        ? null
        : describeShard(
            shardOptions,
            { ...judged, seedOf: deriveSeed, identity: [budget, target.tenants] },
            apiUrl === null ? null : await measureClockOffset(apiUrl, target.http),
          );
    const startedAt = new Date();
    const id =
      shard?.id ??
      `${startedAt.toISOString().replaceAll(/[-:.]/g, '')}-${crypto.randomUUID().slice(0, 8)}`;
    const header: RunLine = {
      type: 'run',
      schemaVersion: RECORD_VERSION,
      id,
      startedAt: startedAt.toISOString(),
      commit: readCommit(process.cwd()),
      target: name,
      environment,
      ...addEarlierRuns(judged, earlier, readRunEnvironment(environment)),
      knownGaps,
      statistics,
      ...(shard === null ? {} : { shard: shard.shard }),
    };
    const { objectives } = header;
    const limits = { objectives, maxPerSecond: target.ceilings.requestsPerSecond };
    const measurements = await declaredMeasurements();
    const workloads = measurements.flatMap((measurement) => measurement.workloads(limits));
    refuseContradictoryWorkloads(workloads);
    // All of the budget, since Playwright selects tests only after the set-up.
    refuseImpossibleObjectives(workloads, header, target.ceilings);
    refuseCostlyLoads(header, target, loaded.inheritedFrom);
    const recordFile = path.join(reportDir, 'measurements.ndjson');
    publishRunContext({ id, reportDir, recordFile, target, header });
    return async () => {
      await stop();
      // Workers write no more by now.
      recordExits(exits, { recordFile, id });
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
