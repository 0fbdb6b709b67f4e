import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { buildUrl, listen } from '../serverProcess.ts';
import type { DefaultModel } from './aiModel.ts';
import { Scopes } from './behaviour/scopes.ts';
import { epochMs } from './clock.ts';
import { controlApp } from './control/controlApp.ts';
import { readStatus, watchLoopDelay } from './control/status.ts';
import { CallLog } from './journal/callLog.ts';
import { Journal } from './journal/journal.ts';
import { modelListener } from './server/modelListener.ts';
import { closeAtOnce, RefusableServer } from './server/refusableServer.ts';
import { warmUp } from './server/warmUp.ts';

export type AiMockOptions = {
  host: string;
  /** 0: one that is free. */
  port: number;
  /** 0: one that is free. */
  controlPort: number;
  /** `null`: no control listener. */
  controlToken: string | null;
  defaults: DefaultModel;
};

const LOOPBACK = '127.0.0.1';

/** Starts the AI mock. Resolves once it is warm and accepts connections. @throws StartError */
export async function startAiMock(options: AiMockOptions) {
  const { host, controlToken, defaults } = options;
  const startedAtMs = epochMs();
  const journal = new Journal();
  const log = new CallLog(journal);
  const scopes = new Scopes({ journal, nowMs: epochMs });
  const closers: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(closers.map((close) => close()));
  };

  try {
    const model = new RefusableServer(
      (isRefusing) => modelListener({ scopes, log, defaults, isRefusing, host }),
      { host, port: options.port, portOption: '--port' },
    );
    closers.push(() => model.stop());
    const url = buildUrl(host, await model.open());
    await warmUp();
    if (controlToken === null) return { url, controlUrl: null, stop };

    const { delays: loopDelays, stop: stopWatching } = watchLoopDelay();
    closers.push(async () => stopWatching());
    let controlPort = options.controlPort;
    const app = controlApp({
      token: controlToken,
      port: () => controlPort,
      scopes,
      journal,
      log,
      status: () => readStatus({ log, loopDelays, listener: model, startedAtMs }),
      refuse: (forMs) => model.refuse(forMs),
    });
    const server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }));
    closers.push(closeAtOnce(server));
    const listenOptions = { host: LOOPBACK, port: controlPort, portOption: '--control-port' };
    controlPort = await listen(server, listenOptions);
    return { url, controlUrl: buildUrl(LOOPBACK, controlPort), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
