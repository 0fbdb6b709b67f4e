import { runClosedModel } from '../../engine/closedModel.ts';
import { runOpenModel } from '../../engine/openModel.ts';
import { TimedClient } from '../../probes/httpClient.ts';
import { createSender, evenArrivals, readClientArguments, SampleCount } from './loadClient.ts';

// Our load models in a process of its own: a closed one with --users, where each user sends as soon as it has thought, or else an open
// one at a constant --rate. Prints what it measured.
const { url, users, rate, seconds, body, ...more } = readClientArguments();
const connections = users > 0 ? users : more.connections;
const client = new TimedClient(url.origin, { connections });
const send = createSender(client, url, body);
const count = new SampleCount();
if (users > 0) {
  await runClosedModel({
    users,
    thinkMs: () => more['think-ms'],
    durationMs: seconds * 1000,
    send,
    onEnd: (sample) => count.add(sample),
  });
} else {
  const warmUpSeconds = more['warm-up-seconds'];
  await runOpenModel({
    arrivals: evenArrivals(rate, warmUpSeconds + seconds),
    send,
    mostInFlight: connections,
    onEnd: (sample) => {
      if (sample.dueMs >= warmUpSeconds * 1000) count.add(sample);
    },
  });
}
process.stdout.write(`${JSON.stringify(count.report())}\n`);
await client.close();
