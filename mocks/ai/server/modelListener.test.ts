import assert from 'node:assert/strict';
import http2 from 'node:http2';
import net from 'node:net';
import { test } from 'node:test';
import { epochMs } from '../epochMs.ts';
import { CallLog } from '../journal/callLog.ts';
import { Journal } from '../journal/journal.ts';
import { Scopes } from '../journal/scopes.ts';
import { callOverHttp1, requestOf } from '../testCall.ts';
import { closeAtOnce } from './closeAtOnce.ts';
import { listen } from './listen.ts';
import { modelListener } from './modelListener.ts';
import { serveBothProtocols } from './serveBothProtocols.ts';

const REQUEST = requestOf({ provider: 'ollama', streamed: false }, 'What is Q3 revenue?');
const HALF = REQUEST.body.slice(0, REQUEST.body.length / 2);

test('a client that leaves in the middle of its request has called nobody', async (context) => {
  const failures = context.mock.method(console, 'error', () => {});
  const journal = new Journal();
  const log = new CallLog(journal);
  const server = serveBothProtocols(
    modelListener({
      scopes: new Scopes({ journal, nowMs: epochMs }),
      log,
      defaults: { seed: 0, behaviours: [] },
      isRefusing: () => false,
    }),
  );
  const close = closeAtOnce(server);
  context.after(() => close());
  const port = await listen(server, { host: '127.0.0.1', port: 0, portOption: '--port' });
  const url = `http://127.0.0.1:${port}`;

  const socket = net.connect(port, '127.0.0.1');
  socket.write(
    `POST ${REQUEST.path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${REQUEST.body.length}\r\n\r\n${HALF}`,
  );
  const session = http2.connect(url);
  context.after(() => session.destroy());
  const stream = session.request({ ':method': 'POST', ':path': REQUEST.path });
  stream.on('error', () => {});
  stream.write(HALF);
  await new Promise((resolve) => setTimeout(resolve, 30));
  socket.resetAndDestroy();
  stream.close(http2.constants.NGHTTP2_CANCEL);
  await new Promise((resolve) => setTimeout(resolve, 30));

  assert.deepEqual([log.calls, log.inFlight, failures.mock.callCount()], [0, 0, 0]);
  assert.equal((await callOverHttp1(url, REQUEST)).status, 200);
  assert.equal(log.calls, 1);
});
