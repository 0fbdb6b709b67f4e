import { closedModel } from '../../engine/closedModel.ts';
import { TimedClient } from '../../probes/httpClient.ts';
import { readClientArguments } from './clientArguments.ts';
import { plainSender } from './plainSender.ts';
import { SampleCount } from './sampleCount.ts';

// Our closed model in a process of its own: each user sends as soon as it has thought, and what was measured is printed.
const { url, users, seconds, 'think-ms': thinkMs, body } = readClientArguments();
const client = new TimedClient(url.origin, { connections: users });
const count = new SampleCount();
await closedModel({
  users,
  thinkMs: () => thinkMs,
  durationMs: seconds * 1000,
  send: plainSender(client, url, body),
  onEnd: (sample) => count.add(sample),
});
process.stdout.write(`${JSON.stringify(count.report())}\n`);
await client.close();
