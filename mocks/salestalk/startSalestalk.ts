import type { Server } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createAdaptorServer } from '@hono/node-server';
import { buildUrl, listen } from '../serverProcess.ts';
import { type AiPolicy, createAttemptRules } from './api/ai/attemptRules.ts';
import { type AiSettings, createAiProvider } from './api/ai/createAiProvider.ts';
import { readClassification } from './api/classify/classification.ts';
import { systemClock } from './api/clock.ts';
import { createApi } from './api/createApi.ts';
import { loadTenants } from './api/data/loadTenants.ts';
import { createFailureLog } from './api/http/failures.ts';
import { importSigningKey } from './api/http/tokens.ts';
import { createServiceMetrics } from './api/metrics.ts';
import { createSessionHistory, type Services, seededDraw } from './api/services.ts';
import { findDefects, plantDefects } from './defects/plantDefects.ts';
import { createUiRoutes } from './ui/routes.ts';

type RunningSalestalk = { url: string; close(): Promise<void> };

/** Starts the embedded SalesTalk, API and page, and resolves once it accepts connections. @throws StartError */
export async function startSalestalk(options: SalestalkOptions): Promise<RunningSalestalk> {
  const { seed, demoSignIn } = options;
  const clock = systemClock;
  // First: an unknown name must leave no server or database open.
  findDefects(options.defects);
  const provider = createAiProvider(options.ai);
  const tables = loadTenants(options.extraTenantCount);
  const metrics = createServiceMetrics(options.gcOnMetrics ? createGarbageCollector() : undefined);

  const clean: Services = {
    clock,
    provider,
    rules: createAttemptRules(options.policy),
    jitter: seededDraw(seed),
    readClassification,
    tables,
    history: createSessionHistory(1_000),
    metrics,
    key: await importSigningKey(options.jwtSecret),
    reportFailure: createFailureLog(clock, (line) => process.stderr.write(`${line}\n`)),
  };
  const tenantIds = tables.tenantIds();
  const aiUrl = options.ai.provider === 'ollama' ? options.ai.baseUrl : options.ai.endpoint;
  const environment = { clock, seed, tenantIds, aiUrl };
  const planted = plantDefects(options.defects, clean, environment);
  const { services, around, inside, page } = planted;
  const api = createApi(services, { demoSignIn, around, inside });
  api.route('/', createUiRoutes(demoSignIn ? tenantIds : [], page));

  const server = createAdaptorServer({ fetch: api.fetch, hostname: options.host }) as Server;
  const free = async (): Promise<void> => {
    await provider.close();
    metrics.close();
    tables.close();
  };
  try {
    await planted.beforeListening(server);
    const port = await listen(server, { ...options, portOption: '--port' });
    return {
      url: buildUrl(options.host, port),
      async close() {
        server.closeAllConnections();
        await new Promise((closed) => server.close(closed));
        await free();
      },
    };
  } catch (failure) {
    await free();
    throw failure;
  }
}

/** What may differ between two embedded SalesTalks. */
export type SalestalkOptions = {
  host: string;
  /** 0 for any free port. */
  port: number;
  jwtSecret: string;
  ai: AiSettings;
  policy: AiPolicy;
  extraTenantCount: number;
  /** Names of planted faults; none for the clean product. */
  defects: readonly string[];
  /** Seed of the retries' jitter and of the defects' draws. */
  seed: number;
  /** Collect garbage before each reading of the metrics, so that the heap in use is the retained one. */
  gcOnMetrics: boolean;
  /** Let visitors of the page sign in without a token. */
  demoSignIn: boolean;
};

export function createGarbageCollector(): () => void {
  // A context has `gc` if the flag is set when it is made; the process need not be started with it.
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  return collect;
}
