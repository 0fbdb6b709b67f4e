import { openModel } from '../../engine/openModel.ts';
import { TimedClient } from '../../probes/httpClient.ts';
import { readClientArguments } from './clientArguments.ts';
import { evenArrivals } from './evenArrivals.ts';
import { plainSender } from './plainSender.ts';
import { SampleCount } from './sampleCount.ts';

// Our open model in a process of its own: sends at a constant rate, and prints what it measured.
const { url, connections, seconds, rate, body, ...more } = readClientArguments();
const warmUpSeconds = more['warm-up-seconds'];
const client = new TimedClient(url.origin, { connections });
const count = new SampleCount();
await openModel({
  arrivals: evenArrivals(rate, warmUpSeconds + seconds),
  send: plainSender(client, url, body),
  mostInFlight: connections,
  onEnd: (sample) => {
    if (sample.dueMs >= warmUpSeconds * 1000) count.add(sample);
  },
});
process.stdout.write(`${JSON.stringify(count.report())}\n`);
await client.close();
