import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { attemptRules } from './api/ai/attemptRules.ts';
import { createAiProvider } from './api/ai/createAiProvider.ts';
import { sessionHistory } from './api/chat/sessionHistory.ts';
import { readClassification } from './api/classify/readClassification.ts';
import { systemClock } from './api/clock.ts';
import { createApi } from './api/createApi.ts';
import { loadTenants } from './api/data/loadTenants.ts';
import { failureLog } from './api/failureLog.ts';
import { signingKey } from './api/http/signingKey.ts';
import { serviceMetrics } from './api/metrics/serviceMetrics.ts';
import { seededShares } from './api/seededShares.ts';
import type { Services } from './api/services.ts';
import { collectGarbage } from './collectGarbage.ts';
import { findDefects } from './defects/findDefects.ts';
import { plantDefects } from './defects/plantDefects.ts';
import { listenOn } from './listenOn.ts';
import type { SalestalkOptions } from './salestalkOptions.ts';
import { uiRoutes } from './ui/routes.ts';

export type RunningSalestalk = { url: string; close(): Promise<void> };

/** Starts the embedded SalesTalk, API and page, and resolves once it accepts connections. @throws StartupError */
export async function startSalestalk(options: SalestalkOptions): Promise<RunningSalestalk> {
  const { seed, demoSignIn } = options;
  const clock = systemClock;
  // Before anything is opened that a wrong name would leave open.
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
    history: sessionHistory({ sessions: 1_000, turns: 20 }),
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
  api.route('/', uiRoutes({ apiUrl: '', demoWorkspaces: demoSignIn ? tenantIds : [] }, page));

  const server = createAdaptorServer({ fetch: api.fetch, hostname: options.host }) as Server;
  const free = async (): Promise<void> => {
    await provider.close();
    metrics.close();
    tables.close();
  };
  try {
    await planted.beforeListening(server);
    const url = await listenOn(server, options);
    return {
      url,
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
