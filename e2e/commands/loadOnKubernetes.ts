import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { planLoadStarts } from '../core/budget/loadStarts.ts';
import { HarnessError, type HarnessErrorDetails } from '../core/harnessError.ts';
import { loadBudget, resolveBudget } from '../setup/loadBudget.ts';
import {
  isLoopback,
  readTargetName,
  readTargetVariables,
  refuseForeignHost,
} from '../setup/readEnvironment.ts';
import { CONTAINER_FILE, kubernetesManifests } from './kubernetesManifests.ts';
import { runCommand } from './tools.ts';

const USAGE = `npm run load:k8s -- [--parallelism 5] [--load sustained] [--start-at <ISO time>] [--image name] [--secret name] [--out perf-report-k8s]
Writes manifests for a load that is offered in shards, one in each pod, and judged by a last Job.
  --parallelism  number of shards
  --load         of the budget of SALESTALK_TARGET
  --start-at     when all shards begin; ten minutes from now
  --image        built from the container file that is written too
  --secret       Secret with SALESTALK_TOKENS or SALESTALK_JWT_SECRET, and with AI_MOCK_CONTROL_TOKEN
The pods control the AI mock at AI_MOCK_CONTROL_URL, if it is set: npm run ai-mock -- --host 0.0.0.0 --control-port 11435 --control-name <name>
puts it beside SalesTalk under the host name that they reach. Its token passes through the cluster in the clear: allow only these pods there.
`;

const START_AFTER_MS = 10 * 60_000;
/** Variables that are no secrets. */
const PASSED_ON = ['SALESTALK_API_URL', 'SALESTALK_TENANTS', 'AI_MOCK_CONTROL_URL'] as const;

await runCommand((args) => {
  const { values } = parseArgs({
    args,
    options: {
      parallelism: { type: 'string', default: '5' },
      load: { type: 'string', default: 'sustained' },
      'start-at': { type: 'string' },
      image: { type: 'string', default: 'perf-load:latest' },
      secret: { type: 'string', default: 'perf-load' },
      out: { type: 'string', default: 'perf-report-k8s' },
    },
  });
  const { load, image, secret, out } = values;
  const nowMs = Date.now();
  const startAtMs = Date.parse(
    values['start-at'] ?? new Date(nowMs + START_AFTER_MS).toISOString(),
  );
  const parallelism = Number(values.parallelism);
  if (!Number.isInteger(parallelism) || parallelism < 1 || parallelism > 9_999) {
    throw new Error(`--parallelism ${values.parallelism}: expected a whole number from 1 to 9999`);
  }
  if (!(startAtMs > nowMs))
    throw new Error(`--start-at ${values['start-at']}: expected a time to come`);
  const target = readTargetName(process.env);
  const loaded = loadBudget(target);
  const { budget, file } = loaded;
  const { objectives } = resolveBudget(loaded);
  if (budget.embedded !== undefined) {
    throw refusal({
      summary: 'Pods cannot share a SalesTalk that the harness starts itself.',
      file,
      path: 'embedded',
      expected: 'a target that is deployed',
      remedy: 'Name one: SALESTALK_TARGET=staging, for instance.',
    });
  }
  const judged = new Set(objectives.map(({ workload }) => workload));
  const offered = Object.keys(budget.loads).filter(
    (name) => judged.has(name) && name !== 'capacity',
  );
  if (!offered.includes(load)) {
    throw refusal({
      summary: `The budget of ${target} neither describes and judges a load "${load}" that can be split nor allows it.`,
      file,
      path: `loads → ${load}`,
      found: offered.join(', ') || 'none (see ceilings → load)',
      expected: load,
      remedy: 'Name another load, or add it to the budget.',
    });
  }
  const given = readTargetVariables(target, process.env);
  const variables = Object.fromEntries(
    PASSED_ON.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])),
  );
  for (const name of ['SALESTALK_API_URL', 'AI_MOCK_CONTROL_URL'] as const) {
    const url = given[name];
    if (url === undefined && name === 'SALESTALK_API_URL') {
      const expected = 'the URL that the pods reach';
      throw refusal({ summary: 'It is not known what to drive.', file: name, expected });
    }
    if (url === undefined) continue;
    if (isLoopback(url)) {
      const summary = `${name} names this machine, which in a pod is the pod itself.`;
      throw refusal({ summary, file: name, found: url, expected: 'a URL that the pods reach' });
    }
    refuseForeignHost(url, name, budget.hosts, file);
  }
  if (given.AI_MOCK_CONTROL_URL === undefined && budget.ceilings.paidModelCalls === 0) {
    throw refusal({
      summary: 'Each pod would refuse the load, since its calls of the model would cost money.',
      file,
      path: 'ceilings → paidModelCalls',
      found: '0, and no AI mock that the pods can control',
      expected: 'an AI mock, or paid calls that the budget allows',
      remedy: 'Start a mock beside SalesTalk (see --help), and set AI_MOCK_CONTROL_URL.',
    });
  }
  const { endMs } = planLoadStarts([load], budget.loads, startAtMs);
  const { name, list } = kubernetesManifests({
    ...{ parallelism, load, target, variables, image, secret, nowMs, startAtMs, endMs },
    budget: JSON.stringify(budget, null, 2),
  });
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'manifests.json'), `${JSON.stringify(list, null, 2)}\n`);
  writeFileSync(join(out, 'Containerfile'), CONTAINER_FILE);
  const { requestsPerSecond, requestsPerRun, paidModelCalls } = budget.ceilings;
  process.stdout.write(`${parallelism} shards offer "${load}" to ${given.SALESTALK_API_URL} from ${new Date(startAtMs).toISOString()} on. Together they stay
under ${requestsPerSecond} requests a second, ${requestsPerRun} requests and ${paidModelCalls} paid calls of the model (${file}). Before that time:
  docker build --file ${join(out, 'Containerfile')} --tag ${image} . && docker push ${image}
  kubectl create secret generic ${secret} --from-env-file=<file with SALESTALK_TOKENS or SALESTALK_JWT_SECRET>
  kubectl apply --filename ${join(out, 'manifests.json')}
The verdict, and its exit status: kubectl logs --follow job/${name}-verdict
`);
  return 0;
}, USAGE);

function refusal(
  details: Omit<HarnessErrorDetails, 'code' | 'remedy'> & { remedy?: string },
): HarnessError {
  const remedy = 'Set it in the environment or in .env.<target>.';
  return new HarnessError({ code: 'SHARD_INVALID', remedy, ...details });
}
