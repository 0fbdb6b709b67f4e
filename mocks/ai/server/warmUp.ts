import http2 from 'node:http2';
import { listen } from '../../serverProcess.ts';
import { Scopes } from '../behaviour/scopes.ts';
import { epochMs } from '../clock.ts';
import { CallLog } from '../journal/callLog.ts';
import { Journal } from '../journal/journal.ts';
import { PROVIDERS } from '../providers/providers.ts';
import { modelListener } from './modelListener.ts';
import { closeAtOnce } from './refusableServer.ts';
import { serveBothProtocols } from './serveBothProtocols.ts';

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
