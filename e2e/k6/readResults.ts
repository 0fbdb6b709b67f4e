import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { HarnessError } from '../core/harnessError.ts';
import { parseJson } from '../core/readJson.ts';
import { type EncodableRequest, encodeLoadLine } from '../core/record/loadLine.ts';
import { RECORD_VERSION, type RecordLine, type RunLine } from '../core/record/recordLine.ts';
import { readLines } from '../history/recordFile.ts';
import { excludeMultiTenantObjectives, loadBudget, resolveBudget } from '../setup/loadBudget.ts';
import { readTargetName } from '../setup/readEnvironment.ts';
import { buildK6Config, hashK6Config, type K6Config, scopeOfK6Config } from './config.ts';

/** What one instance of k6 wrote by `--out json=…`. */
export type K6File = { name: string; lines: Iterable<string> };

export type K6Results = {
  /** The lines of one record, as if one machine had offered the whole load. */
  lines: RecordLine[];
  /** What the results lack. They can be judged, but can establish no pass. */
  lacks: { workloads: string[]; reason: string }[];
  /** Files that were left out, since another holds the same. */
  copies: string[];
  /** What a reader of the verdicts must know. */
  findings: string[];
};

const NOTE =
  'k6 offered this load. Response times count from when it began an iteration; how late it was with that, it does not say.';

/** Reads the JSON outputs of all instances, each a file of the folder. @throws HarnessError RECORD_INVALID, as `readK6Results` does */
export function readK6Folder(folder: string): K6Results {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const files = names.filter((name) => name.endsWith('.json')).sort();
  return readK6Results(
    files.map((name) => ({ name, lines: readLines(path.join(folder, name)) })),
    folder,
  );
}

/**
 * Turns the results of any number of instances of one script into a record. An iteration that k6 dropped is a request that was never sent.
 * @throws HarnessError RECORD_INVALID for results of another script or of several runs, for instances that offered the same part, and
 * where there is no request
 */
export function readK6Results(files: readonly K6File[], folder = 'the folder'): K6Results {
  const all = files.map(readInstance);
  const [first] = all.flatMap(({ script }) => script ?? []);
  if (first === undefined) {
    const found = files.length === 0 ? 'no file *.json' : 'no point of any metric';
    throw invalid({
      file: files[0]?.name ?? folder,
      found,
      expected: 'the results of k6 run --out json=…',
    });
  }
  const { config, ...run } = describeScript(first);
  const hash = hashK6Config(config);
  for (const { name, script } of all) {
    if (script === null || script.config === hash) continue;
    throw invalid({
      file: name,
      path: 'config',
      found: script.config,
      expected: `${hash}, of the load "${config.load}" as budgets/${config.target}.json describes it`,
      remedy:
        'Report it with the budget that its script was written from, or write a new script and run it.',
    });
  }
  const { kept, copies } = dropDuplicates(all);
  const fromMs = Math.min(...kept.map(({ startMs }) => startMs ?? Number.POSITIVE_INFINITY));
  if (fromMs === Number.POSITIVE_INFINITY) {
    throw invalid({ file: first.name, found: 'no request', expected: 'requests of the load' });
  }
  const missing = [...findCutInstances(kept, config, fromMs), ...findMissingParts(kept)];
  const requests = kept.flatMap((one) => requestsOf(one, config));
  const tenants = [...new Set(kept.flatMap((one) => one.requests.map(({ tenant }) => tenant)))];
  const workload = {
    type: 'workload',
    workload: config.load,
    scope: scopeOfK6Config(config),
  } as const;
  const planned = { [config.load]: requests.length };
  const workloadLine = (state: 'started' | 'complete', atMs: number) =>
    ({ ...workload, state, atMs, planned, modelCallsMatched: null }) as const;
  const startedAt = new Date(fromMs).toISOString();
  const header: RunLine = {
    ...describeRun(run, config, tenants),
    type: 'run',
    schemaVersion: RECORD_VERSION,
    id: `k6-${startedAt.replaceAll(/[-:.]/g, '')}-${workload.scope}`,
    startedAt,
    commit: null,
    environment: { loadGenerator: 'k6', instances: kept.length },
  };
  return {
    lines: [
      header,
      workloadLine('started', fromMs),
      ...encodeRequests(requests, config, fromMs),
      ...(missing.length > 0 ? [] : [workloadLine('complete', fromMs + config.seconds * 1000)]),
    ],
    lacks: missing.map((reason) => ({ workloads: [config.load], reason })),
    copies,
    findings: [NOTE],
  };
}

type K6Request = Omit<EncodableRequest, 'id' | 'index' | 'dueMs' | 'modelMs'> & { warmUp: boolean };

type Instance = {
  name: string;
  /** Null if it wrote no point. */
  script: { name: string; target: string; load: string; config: string } | null;
  /** The part of the schedule that it offered, from 0 to 1. */
  part: [from: number, to: number] | null;
  startMs: number | null;
  endMs: number | null;
  requests: K6Request[];
  droppedAtMs: number[];
  /** Its last line is cut off. */
  isTruncated: boolean;
};

const point = z.object({
  metric: z.string(),
  data: z.object({
    time: z
      .string()
      .transform((text) => Date.parse(text))
      .pipe(z.number()),
    value: z.number().nonnegative(),
    tags: z.record(z.string(), z.string()).nullish(),
  }),
});
const scriptTags = z.object({
  target: z.string(),
  load: z.string(),
  config: z.string(),
});
const requestTags = z.object({
  operation: z.string(),
  tenant: z.string(),
  late: z.coerce.number().nonnegative(),
  reused: z.stringbool(),
  warm_up: z.stringbool(),
  start: z.coerce.number().positive(),
  segment: z.string().regex(/^[\d./%]+:[\d./%]+$/),
  failure: z.string().optional(),
  isolated: z.stringbool().optional(),
});

const isPoint = (line: string): boolean => line.includes('"Point"');
/** Of the many metrics of k6, those that are read. */
const isRead = (line: string): boolean =>
  /"metric":"(load_response_time|dropped_iterations|load_end)"/.test(line);

function readInstance({ name, lines }: K6File): Instance {
  const found: Instance = {
    ...{ name, script: null, part: null, startMs: null, endMs: null },
    ...{ requests: [], droppedAtMs: [], isTruncated: false },
  };
  let at = 0;
  for (const line of lines) {
    at += 1;
    if (line.trim() === '') continue;
    const place = { file: name, path: `line ${at}` };
    if (found.isTruncated)
      throw invalid({ ...place, path: `line ${at - 1}`, found: 'half a line' });
    found.isTruncated = !line.trimEnd().endsWith('}');
    if (found.isTruncated || !isPoint(line) || (found.script !== null && !isRead(line))) continue;
    const read = point.safeParse(parseJson(line));
    if (!read.success) throw invalid({ ...place, found: line.slice(0, 120) });
    const { metric, data } = read.data;
    found.script ??= { name, ...readTags(scriptTags, data.tags, place) };
    if (metric === 'load_end') found.endMs = data.time;
    if (metric === 'dropped_iterations') {
      found.droppedAtMs.push(...Array.from({ length: data.value }, () => data.time));
    }
    if (metric !== 'load_response_time') continue;
    const tags = readTags(requestTags, data.tags, place);
    const [from = 0, to = 1] = tags.segment.split(':').map(readFraction);
    found.part ??= [from, to];
    found.startMs ??= tags.start;
    found.requests.push({
      dueAtMs: data.time - data.value,
      lateMs: tags.late,
      serviceMs: Math.max(0, data.value - tags.late),
      operation: tags.operation,
      tenant: tags.tenant,
      failure: tags.failure ?? null,
      isolated: tags.isolated ?? null,
      connectionReused: tags.reused,
      warmUp: tags.warm_up,
    });
  }
  return found;
}

function readTags<T>(
  schema: z.ZodType<T>,
  tags: unknown,
  place: { file: string; path: string },
): T {
  const read = schema.safeParse(tags ?? {});
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const path = `${place.path} → tags → ${issue?.path.join(' → ')}`;
  throw invalid({
    ...{ ...place, path, found: JSON.stringify(tags).slice(0, 120) },
    expected: 'the tags of a script that npm run load:k6 wrote',
  });
}

/** A bound of an execution segment: `1/3`, `0.25` or `25%`. */
function readFraction(text: string): number {
  const [over = '', under = '1'] = text.split('/');
  return Number.parseFloat(over) / Number(under) / (over.endsWith('%') ? 100 : 1);
}

function describeScript({ name, target, load }: NonNullable<Instance['script']>) {
  const loaded = loadBudget(readTargetName({ SALESTALK_TARGET: target }));
  if (loaded.budget.loads[load] === undefined) {
    throw invalid({ file: name, path: 'load', found: load, expected: `a load of ${loaded.file}` });
  }
  return {
    config: buildK6Config(loaded, target, load),
    loads: { [load]: loaded.budget.loads[load] },
    resolved: resolveBudget(loaded),
  };
}

/** What is judged of a load: k6 sees neither the calls of the model nor the target's process. */
function describeRun(
  { loads, resolved }: Omit<ReturnType<typeof describeScript>, 'config'>,
  { target, load }: K6Config,
  tenants: string[],
): Pick<RunLine, 'target' | 'objectives' | 'notMeasured' | 'knownGaps' | 'statistics'> {
  const { statistics, knownGaps } = resolved;
  const ofLoad = resolved.objectives.filter(({ workload }) => workload === load);
  const unseen = ofLoad.flatMap(({ id, metric }) => {
    const reason = metric.needsModelCalls
      ? 'k6 does not see the calls of the model'
      : metric.countsUnderLoad === undefined || metric.countsUnderLoad === 'reading'
        ? "k6 does not read the metrics of the target's process"
        : null;
    return reason === null ? [] : [{ id, reason }];
  });
  const objectives = ofLoad.filter(({ id }) => !unseen.some((one) => one.id === id));
  const judged = excludeMultiTenantObjectives(
    { objectives, notMeasured: unseen },
    { tenants, loads },
  );
  return { target, ...judged, knownGaps, statistics };
}

/** Two files with the same part of the same run: the one with more requests is kept. */
function dropDuplicates(all: readonly Instance[]): { kept: Instance[]; copies: string[] } {
  const groups = Map.groupBy(all, ({ name, part, startMs }) =>
    part === null ? name : `${part} ${startMs}`,
  );
  const kept: Instance[] = [];
  const copies: string[] = [];
  for (const group of groups.values()) {
    const [most, ...others] = group.toSorted((a, b) => b.requests.length - a.requests.length);
    kept.push(most as Instance);
    copies.push(...others.map(({ name }) => name));
  }
  return { kept, copies };
}

/** Instances of one run start together, give or take the start of a container. */
const MOST_APART_MS = 60_000;

function findCutInstances(
  instances: readonly Instance[],
  { seconds }: K6Config,
  fromMs: number,
): string[] {
  return instances.flatMap(({ name, startMs, endMs, isTruncated }) => {
    if (startMs === null) return [`${name} holds no request`];
    if (startMs - fromMs > MOST_APART_MS) {
      throw invalid({
        file: name,
        path: 'start',
        found: new Date(startMs).toISOString(),
        expected: `a start within a minute of ${new Date(fromMs).toISOString()}, when another began`,
        remedy:
          'Keep the results of each run in a folder of their own, and set the clocks of the machines.',
      });
    }
    if (isTruncated) return [`${name} breaks off within a line: its k6 was killed`];
    // The end is noted in whole ms by another clock than the start.
    const isWhole = endMs !== null && endMs >= startMs + seconds * 1000 - 1000;
    return isWhole ? [] : [`${name} ends before its load: its k6 was killed or stopped`];
  });
}

/** @throws HarnessError RECORD_INVALID where instances overlap: together they offered more than the load */
function findMissingParts(instances: readonly Instance[]): string[] {
  const parts = instances.flatMap(({ name, part }) => (part === null ? [] : [{ name, part }]));
  const missing: string[] = [];
  const percent = (share: number) => `${Number((share * 100).toFixed(1))} %`;
  let until = 0;
  for (const {
    name,
    part: [from, to],
  } of parts.sort((a, b) => a.part[0] - b.part[0])) {
    if (from < until - ROUNDING) {
      throw invalid({
        file: name,
        path: 'segment',
        found: `${percent(from)} to ${percent(to)} of the load, which another instance offered too`,
        expected: 'a part of its own',
        remedy: 'Give each instance its own --execution-segment, and each run a folder of its own.',
      });
    }
    if (from > until + ROUNDING) missing.push(`${percent(until)} to ${percent(from)}`);
    until = to;
  }
  if (until < 1 - ROUNDING) missing.push(`${percent(until)} to 100 %`);
  return missing.map((part) => `no file holds the part of the load from ${part}`);
}

const ROUNDING = 1e-6;

/** k6 says of a dropped iteration only when it was due. */
function requestsOf(
  { requests, droppedAtMs, startMs }: Instance,
  { warmUpSeconds }: K6Config,
): K6Request[] {
  const judgedFromMs = (startMs ?? 0) + warmUpSeconds * 1000;
  const dropped = droppedAtMs.map((dueAtMs) => ({
    dueAtMs,
    warmUp: dueAtMs < judgedFromMs,
    failure: 'never sent: k6 dropped the iteration, since no user was free',
    ...{ operation: 'unknown', tenant: 'unknown', lateMs: null, serviceMs: null },
    ...{ isolated: null, connectionReused: null },
  }));
  return [...requests, ...dropped];
}

const REQUESTS_IN_LINE = 500;

/** Numbered anew in the order of the merged schedule, the warm-up first. */
function* encodeRequests(
  requests: K6Request[],
  config: K6Config,
  fromMs: number,
): Generator<RecordLine> {
  const { scenario, load: workload } = config;
  const scope = scopeOfK6Config(config);
  const step = {
    model: scenario.executor === 'constant-vus' ? 'closed' : 'open',
    ratePerSecond: scenario.executor === 'constant-arrival-rate' ? scenario.rate / 1000 : null,
  } as const;
  let next = 0;
  for (const warmUp of [true, false]) {
    const part = requests
      .filter((one) => one.warmUp === warmUp)
      .sort((a, b) => a.dueAtMs - b.dueAtMs);
    for (let at = 0; at < part.length; at += REQUESTS_IN_LINE) {
      const encodable = part.slice(at, at + REQUESTS_IN_LINE).map((request) => {
        const index = next++;
        const dueMs = Math.max(0, request.dueAtMs - fromMs);
        return { ...request, id: `${scope}-${index}`, index, dueMs, modelMs: null };
      });
      yield encodeLoadLine({ workload, scope, step, warmUp, fromMs }, encodable);
    }
  }
}

function invalid(details: {
  file: string;
  path?: string;
  found: string;
  expected?: string;
  remedy?: string;
}): HarnessError {
  const { file, ...others } = details;
  return new HarnessError({
    code: 'RECORD_INVALID',
    summary: `${file} cannot be judged as a result of k6.`,
    file,
    expected: 'a line of k6 run --out json=…',
    remedy: 'Run the script again, with --out json=<folder>/<instance>.json for each instance.',
    ...others,
  });
}
