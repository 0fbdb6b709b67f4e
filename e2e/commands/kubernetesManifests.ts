import type { Job, JobSpec } from 'kubernetes-types/batch/v1.js';
import type {
  ConfigMap,
  Container,
  EnvVar,
  PersistentVolumeClaim,
  PodSpec,
} from 'kubernetes-types/core/v1.js';
import type { ObjectMeta } from 'kubernetes-types/meta/v1.js';

export type LoadOnKubernetes = {
  parallelism: number;
  load: string;
  target: string;
  /** The whole budget, as the file of the target. */
  budget: string;
  /** Without secrets. */
  variables: Readonly<Record<string, string>>;
  image: string;
  /** Name of the Secret whose keys are the variables with tokens. */
  secret: string;
  nowMs: number;
  startAtMs: number;
  /** When the last load has ended on all shards. */
  endMs: number;
};

/** Where the container file puts the harness. */
const HARNESS = '/harness';
const RECORDS = '/records';
/** The user `node` of the image. */
const USER = 1000;
/** For what follows the last answer, and for pods that start late. */
const GRACE_SECONDS = 300;

/**
 * A `List` for `kubectl apply`: the budget, a volume for the records, an Indexed Job with a shard in each pod, and a Job that merges and judges
 * their records. The types are generated from the OpenAPI schema of Kubernetes.
 */
export function kubernetesManifests(plan: LoadOnKubernetes) {
  const { parallelism, load, target, budget, image, nowMs, startAtMs, endMs } = plan;
  const start = new Date(startAtMs).toISOString();
  const name = `perf-load-${start.slice(0, 19).replaceAll(/[-:]/g, '').toLowerCase()}`;
  const metadata = (suffix: string): ObjectMeta => ({
    name: `${name}-${suffix}`,
    labels: { 'app.kubernetes.io/name': 'perf-load', 'app.kubernetes.io/instance': name },
  });
  const folder = `${RECORDS}/${name}`;
  const harness = (command: string): Container => ({
    name: 'harness',
    image,
    workingDir: HARNESS,
    command: ['sh', '-c', command],
    // A CPU limit would stop the process for a part of each tenth of a second, and so send late.
    resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { memory: '1Gi' } },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    volumeMounts: [{ name: 'records', mountPath: RECORDS }],
  });
  const pod = (container: Container, parts: Partial<PodSpec>): JobSpec['template'] => ({
    metadata: { labels: { 'app.kubernetes.io/instance': name } },
    spec: {
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: USER,
        fsGroup: USER,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      ...parts,
      containers: [container],
      volumes: [
        { name: 'records', persistentVolumeClaim: { claimName: CLAIM } },
        ...(parts.volumes ?? []),
      ],
    },
  });
  const variables = { SALESTALK_TARGET: target, ...plan.variables };
  const project = load === 'soak' ? 'soak' : 'load';
  const shard = harness(
    `n=$((JOB_COMPLETION_INDEX + 1)) && export PERF_REPORT_DIR=${folder}/shard-$n && ` +
      `exec node e2e/commands/bootstrap.mjs ${project} --shard $n/${parallelism} --load ${load} --start-at ${start}`,
  );
  const judge = harness(
    // A shard writes its summary when it has ended.
    `until [ "$(ls ${folder}/shard-*/summary.md 2>/dev/null | wc -l)" -ge ${parallelism} ] || ` +
      `[ "$(date +%s)" -ge ${Math.ceil(endMs / 1000) + GRACE_SECONDS} ]; do sleep 5; done; ` +
      `PERF_REPORT_DIR=${folder}/report exec node e2e/commands/bootstrap.mjs report ${folder}/shard-*`,
  );
  const deadlineSeconds = Math.ceil((endMs - nowMs) / 1000) + GRACE_SECONDS;
  const items: [ConfigMap, PersistentVolumeClaim, Job, Job] = [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: metadata('budget'),
      immutable: true,
      data: { [`${target}.json`]: budget },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: CLAIM },
      // Pods on several nodes write to it.
      spec: { accessModes: ['ReadWriteMany'], resources: { requests: { storage: '10Gi' } } },
    },
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: metadata('shards'),
      spec: {
        completionMode: 'Indexed',
        completions: parallelism,
        parallelism,
        // A second try would come too late for the common start, and must not end the other shards.
        backoffLimitPerIndex: 0,
        activeDeadlineSeconds: deadlineSeconds,
        template: pod(
          {
            ...shard,
            env: Object.entries(variables).map(([name, value]): EnvVar => ({ name, value })),
            envFrom: [{ secretRef: { name: plan.secret } }],
            volumeMounts: [
              ...(shard.volumeMounts ?? []),
              {
                name: 'budget',
                mountPath: `${HARNESS}/budgets/${target}.json`,
                subPath: `${target}.json`,
              },
            ],
          },
          {
            topologySpreadConstraints: [
              {
                maxSkew: 1,
                topologyKey: 'kubernetes.io/hostname',
                whenUnsatisfiable: 'ScheduleAnyway',
                labelSelector: { matchLabels: { 'app.kubernetes.io/instance': name } },
              },
            ],
            volumes: [{ name: 'budget', configMap: { name: `${name}-budget` } }],
          },
        ),
      },
    },
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: metadata('verdict'),
      spec: {
        backoffLimit: 0,
        // Merging ten million requests takes a minute.
        activeDeadlineSeconds: deadlineSeconds + 2 * GRACE_SECONDS,
        template: pod(judge, {}),
      },
    },
  ];
  return { name, list: { apiVersion: 'v1', kind: 'List', items } };
}

/** Kept by later runs, which have folders of their own on it. */
const CLAIM = 'perf-load-records';

/** The image needs no browser, and holds neither `.env` files nor a history. */
export const CONTAINER_FILE = `FROM docker.io/library/node:22-slim
WORKDIR ${HARNESS}
COPY package.json package-lock.json ./
RUN npm ci --include=dev --no-audit --no-fund
COPY playwright.config.ts tsconfig.json ./
COPY budgets budgets
COPY e2e e2e
USER node
`;
