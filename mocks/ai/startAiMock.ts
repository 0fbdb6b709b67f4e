import { createServer } from 'node:http';
import http2 from 'node:http2';
import { getRequestListener } from '@hono/node-server';
import { buildUrl, listen } from '../serverProcess.ts';
import type { DefaultModel } from './aiModel.ts';
import { Scopes } from './behaviour/scopes.ts';
import { epochMs } from './clock.ts';
import { controlApp, readStatus, watchLoopDelay } from './control/controlApp.ts';
import { CallLog, Journal } from './journal/journal.ts';
import { PROVIDERS } from './providers/providers.ts';
import { modelListener } from './server/modelListener.ts';
import { closeAtOnce, RefusableServer } from './server/refusableServer.ts';
import { serveBothProtocols } from './server/serveBothProtocols.ts';

export type AiMockOptions = {
  host: string;
  /** 0: one that is free. */
  port: number;
  /** 0: one that is free. */
  controlPort: number;
  /** `null`: no control listener. */
  controlToken: string | null;
  /** Name by which other machines reach the control listener, at the address of the model; `null`: only this machine reaches it. */
  controlName: string | null;
  defaults: DefaultModel;
};

const LOOPBACK = '127.0.0.1';

/** Starts the AI mock. Resolves once it is warm and accepts connections. @throws StartError */
export async function startAiMock(options: AiMockOptions) {
  const { host, controlToken, controlName, defaults } = options;
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
      names: [LOOPBACK, 'localhost', ...(controlName === null ? [] : [controlName])],
      port: () => controlPort,
      scopes,
      journal,
      log,
      status: () => readStatus({ log, loopDelays, listener: model, startedAtMs }),
      refuse: (forMs) => model.refuse(forMs),
    });
    const server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }));
    closers.push(closeAtOnce(server));
    const address = controlName === null ? LOOPBACK : host;
    const listenOptions = { host: address, port: controlPort, portOption: '--control-port' };
    controlPort = await listen(server, listenOptions);
    return { url, controlUrl: buildUrl(controlName ?? LOOPBACK, controlPort), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const PROMPT = 'Classify the question. Answer with one JSON object.\nQuestion: What is Q3 revenue?';
const CALLS = Object.values(PROVIDERS).flatMap(({ exampleCall }) =>
  [true, false].map((streamed) => exampleCall(PROMPT, streamed)),
);

/**
 * Answers a few requests without latency on a second server, which is then thrown away: the first request that a process
 * answers takes 110 to 180 ms. Counts and journal of the real server stay empty.
 */
export async function warmUp(): Promise<void> {
  const journal = new Journal();
  const server = serveBothProtocols(
    modelListener({
      scopes: new Scopes({ journal, nowMs: epochMs }),
      log: new CallLog(journal),
      defaults: { seed: 0, behaviours: [] },
      isRefusing: () => false,
      host: '127.0.0.1',
    }),
  );
  const close = closeAtOnce(server);
  const port = await listen(server, { host: '127.0.0.1', port: 0, portOption: '--port' });
  const url = `http://127.0.0.1:${port}`;
  for (const { path, body } of CALLS) {
    const response = await fetch(url + path, { method: 'POST', body });
    await response.arrayBuffer();
    await postOverHttp2(url, path, body);
  }
  await close();
}

function postOverHttp2(url: string, path: string, body: string): Promise<void> {
  const session = http2.connect(url);
  return new Promise<void>((resolve, reject) => {
    session.on('error', reject);
    const stream = session.request({ ':method': 'POST', ':path': path });
    stream.on('error', reject);
    stream.on('end', resolve);
    stream.resume();
    stream.end(body);
  }).finally(() => session.destroy());
}
