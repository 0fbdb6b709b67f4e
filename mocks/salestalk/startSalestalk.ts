import type { Server } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createAdaptorServer } from '@hono/node-server';
import { listen, urlOf } from '../serverProcess.ts';
import { type AiPolicy, attemptRules } from './api/ai/attemptRules.ts';
import { type AiSettings, createAiProvider } from './api/ai/createAiProvider.ts';
import { sessionHistory } from './api/chat/sessionHistory.ts';
import { readClassification } from './api/classify/classification.ts';
import { systemClock } from './api/clock.ts';
import { createApi } from './api/createApi.ts';
import { loadTenants } from './api/data/loadTenants.ts';
import { failureLog } from './api/http/failures.ts';
import { signingKey } from './api/http/tokens.ts';
import { serviceMetrics } from './api/metrics.ts';
import { type Services, seededShares } from './api/services.ts';
import { findDefects, plantDefects } from './defects/plantDefects.ts';
import { uiRoutes } from './ui/routes.ts';

type RunningSalestalk = { url: string; close(): Promise<void> };

/** Starts the embedded SalesTalk, API and page, and resolves once it accepts connections. @throws StartError */
export async function startSalestalk(options: SalestalkOptions): Promise<RunningSalestalk> {
  const { seed, demoSignIn } = options;
  const clock = systemClock;
  // First, since a wrong name must leave nothing open.
  findDefects(options.defects);
  const provider = createAiProvider(options.ai);
  const tables = loadTenants(options.extraTenantCount);
  const metrics = serviceMetrics(options.gcOnMetrics ? collectGarbage() : undefined);

  const clean: Services = {
    clock,
    provider,
    rules: attemptRules(options.policy),
    jitter: seededShares(seed),
    readClassification,
    tables,
    history: sessionHistory(1_000),
    metrics,
    key: await signingKey(options.jwtSecret),
    reportFailure: failureLog((line) => process.stderr.write(`${line}\n`)),
  };
  const tenantIds = tables.tenantIds();
  const aiUrl = options.ai.provider === 'ollama' ? options.ai.baseUrl : options.ai.endpoint;
  const world = { clock, seed, tenantIds, aiUrl };
  const planted = plantDefects(options.defects, clean, world);
  const { services, around, inside, page } = planted;
  const api = createApi(services, { demoSignIn, around, inside });
  api.route('/', uiRoutes(demoSignIn ? tenantIds : [], page));

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
      url: urlOf(options.host, port),
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

/** Everything that makes one embedded SalesTalk differ from another. */
export type SalestalkOptions = {
  host: string;
  /** 0 for any free port. */
  port: number;
  /** HS256 secret of the tokens. */
  jwtSecret: string;
  ai: AiSettings;
  policy: AiPolicy;
  /** Tenants beyond the two of the seed data. */
  extraTenantCount: number;
  /** Names of planted faults; none for the clean product. */
  defects: readonly string[];
  /** For the retries' jitter and the defects' draws. */
  seed: number;
  /** Collect the garbage before the metrics are read, so that the heap in use is what is held on to. */
  gcOnMetrics: boolean;
  /** Let visitors of the page sign in without a token. */
  demoSignIn: boolean;
};

/** Gives a function that collects all garbage of this process, while everything else waits. */
export function collectGarbage(): () => void {
  // A context that is made while the flag is set has `gc`; the process need not be started with it.
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  return collect;
}
