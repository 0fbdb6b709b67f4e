import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import { type TestContext, test } from 'node:test';
import { listen } from '../../serverProcess.ts';
import { closeAtOnce } from './refusableServer.ts';
import { serveBothProtocols } from './serveBothProtocols.ts';

/** A server that answers with the protocol it was spoken to and how many bytes it was sent. */
async function start(context: TestContext): Promise<number> {
  const server = serveBothProtocols((incoming, outgoing) => {
    let receivedBytes = 0;
    incoming.on('data', (bytes: Buffer) => {
      receivedBytes += bytes.length;
    });
    incoming.on('end', () => {
      const response = outgoing as http.ServerResponse;
      response.end(`${incoming.httpVersion} ${receivedBytes}`);
    });
  });
  const close = closeAtOnce(server);
  context.after(() => close());
  return await listen(server, { host: '127.0.0.1', port: 0, portOption: '--port' });
}

function overHttp1(port: number, agent: http.Agent, body: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, agent, method: 'POST' }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
    });
    request.on('error', reject);
    request.end(body);
  });
}

function overHttp2(session: http2.ClientHttp2Session, body: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ':method': 'POST', ':path': '/' });
    let text = '';
    stream.setEncoding('utf8');
    stream.on('data', (chunk) => {
      text += chunk;
    });
    stream.on('end', () => resolve(text));
    stream.on('error', reject);
    stream.end(body);
  });
}

test('one port speaks both protocols, to many clients at once', async (context) => {
  const port = await start(context);
  const agent = new http.Agent({ keepAlive: true });
  const session = http2.connect(`http://127.0.0.1:${port}`);
  context.after(() => {
    agent.destroy();
    session.destroy();
  });
  const sizes = [0, 1, 1000, 200_000];
  const bodies = sizes.map((sizeBytes) => Buffer.alloc(sizeBytes));
  const answers = await Promise.all([
    ...bodies.map((body) => overHttp1(port, agent, body)),
    ...bodies.map((body) => overHttp2(session, body)),
  ]);
  assert.deepEqual(answers, [
    ...sizes.map((sizeBytes) => `1.1 ${sizeBytes}`),
    ...sizes.map((sizeBytes) => `2.0 ${sizeBytes}`),
  ]);
});

test('a request may arrive in pieces, the first of which both protocols begin with', async (context) => {
  const port = await start(context);
  const socket = net.connect({ host: '127.0.0.1', port, noDelay: true });
  context.after(() => socket.destroy());
  for (const piece of [
    'P',
    'O',
    'ST / HTTP/1.1\r\nHost: x\r\n',
    'Content-Length: 5\r\n\r\nhe',
    'llo',
  ]) {
    socket.write(piece);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  let answer = '';
  for await (const chunk of socket) {
    answer += chunk;
    if (answer.endsWith('1.1 5')) break;
  }
  assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/);
});

test('the preface of HTTP/2 may arrive in pieces', async (context) => {
  const socket = net.connect({ host: '127.0.0.1', port: await start(context), noDelay: true });
  context.after(() => socket.destroy());
  const emptySettings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
  for (const piece of ['P', 'R', 'I * HTTP/2.0\r\n\r\nSM', '\r\n\r\n', emptySettings]) {
    socket.write(piece);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const [answer] = (await once(socket, 'data')) as [Buffer];
  // The fourth byte of a frame is its type; 4 is SETTINGS.
  assert.equal(answer[3], 4, answer.toString('latin1'));
});

test('a connection on which nothing comes is closed', async (context) => {
  const server = serveBothProtocols((_, outgoing) => (outgoing as http.ServerResponse).end(), 50);
  const close = closeAtOnce(server);
  context.after(() => close());
  const port = await listen(server, { host: '127.0.0.1', port: 0, portOption: '--port' });
  const silent = net.connect(port, '127.0.0.1');
  await once(silent, 'close');
  // One that has spoken stays open.
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  context.after(() => agent.destroy());
  await overHttp1(port, agent, Buffer.from('a'));
  await new Promise((resolve) => setTimeout(resolve, 150));
  const reused = new Promise<boolean>((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, agent }, (response) => {
      response.resume();
      resolve(request.reusedSocket);
    });
    request.on('error', reject);
    request.end();
  });
  assert.equal(await reused, true);
});
