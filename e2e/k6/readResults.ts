import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { checkInput } from '../core/checkInput.ts';
import { HarnessError, type HarnessErrorDetails } from '../core/harnessError.ts';
import { parseJson } from '../core/readJson.ts';
import { type EncodableRequest, encodeLoadLine } from '../core/record/loadLine.ts';
import type { MergedRecord } from '../core/record/mergeShards.ts';
import { RECORD_VERSION, type RecordLine, type RunLine } from '../core/record/recordLine.ts';
import { readLines } from '../history/recordFile.ts';
import { excludeMultiTenantObjectives, loadBudget, resolveBudget } from '../setup/loadBudget.ts';
import { readTargetName } from '../setup/readEnvironment.ts';
import { buildK6Config, hashK6Config, type K6Config, scopeOfK6Config } from './config.ts';

/** What one instance of k6 wrote by `--out json=…`. */
export type K6File = { name: string; lines: Iterable<string> };

/** The lines of one record, as if one machine had offered the whole load. */
export type K6Results = Omit<MergedRecord, 'record'> & { lines: RecordLine[] };

const NOTE =
  'k6 offered this load. Response times count from when it began an iteration; how late it was with that, it does not say.';

/** Reads the JSON outputs of all instances, each a file of the folder. @throws HarnessError as `readK6Results` */
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
 * where there is no request; as `buildK6Config` for a load that the budget no longer has
 */
export function readK6Results(files: readonly K6File[], folder = 'the folder'): K6Results {
  const all = files.map(readInstance);
  const [script] = all.flatMap((one) => one.script ?? []);
  if (script === undefined) {
    const found = files.length === 0 ? 'no file *.json' : 'no point of any metric';
    const expected = 'the results of k6 run --out json=…';
    throw invalid(files[0]?.name ?? folder, { found, expected });
  }
  const { target, load } = script;
  const loaded = loadBudget(readTargetName({ SALESTALK_TARGET: target }));
  const config = buildK6Config(loaded, target, load);
  const hash = hashK6Config(config);
  for (const one of all) {
    if (one.script === null || one.script.config === hash) continue;
    throw invalid(one.name, {
      path: 'config',
      found: one.script.config,
      expected: `${hash}, of the load "${load}" as budgets/${target}.json describes it`,
      remedy:
        'Report it with the budget that its script was written from, or write a new script and run it.',
    });
  }
  const { kept, copies } = dropDuplicates(all);
  const fromMs = Math.min(...kept.map(({ startMs }) => startMs ?? Number.POSITIVE_INFINITY));
  if (fromMs === Number.POSITIVE_INFINITY) {
    throw invalid(kept[0]?.name ?? folder, {
      found: 'no request',
      expected: 'requests of the load',
    });
  }
  const missing = [...findCutInstances(kept, config, fromMs), ...findMissingParts(kept)];
  const requests = kept.flatMap((one) => requestsOf(one, config));
  const scope = scopeOfK6Config(config);
  const workloadLine = (state: 'started' | 'complete', atMs: number): RecordLine => ({
    ...{ type: 'workload', workload: load, scope, state, atMs },
    planned: { [load]: requests.length },
    modelCallsMatched: null,
  });
  const startedAt = new Date(fromMs).toISOString();
  const tenants = new Set(kept.flatMap((one) => one.requests.map(({ tenant }) => tenant)));
  const header: RunLine = {
    type: 'run',
    schemaVersion: RECORD_VERSION,
    id: `k6-${startedAt.replaceAll(/[-:.]/g, '')}-${scope}`,
    startedAt,
    commit: null,
    target,
    environment: { loadGenerator: 'k6', instances: kept.length },
    ...describeJudged(loaded, load, [...tenants]),
  };
  return {
    lines: [
      header,
      workloadLine('started', fromMs),
      ...encodeRequests(requests, config, fromMs),
      ...(missing.length > 0 ? [] : [workloadLine('complete', fromMs + config.seconds * 1000)]),
    ],
    lacks: missing.map((reason) => ({ workloads: [load], reason })),
    copies,
    findings: [NOTE],
  };
}

type K6Request = Omit<EncodableRequest, 'id' | 'index' | 'dueMs' | 'modelMs'> & { warmUp: boolean };

type Instance = {
  name: string;
  /** Null if it wrote no point. */
  script: z.infer<typeof scriptTags> | null;
  /** The part of the schedule that it offered, from 0 to 1. */
  part: readonly [from: number, to: number] | null;
  startMs: number | null;
  endMs: number | null;
  requests: K6Request[];
  droppedAtMs: number[];
  /** Its last line is cut off. */
  isTruncated: boolean;
};

const scriptTags = z.object({ target: z.string(), load: z.string(), config: z.string() });
const requestTags = scriptTags.extend({
  operation: z.string(),
  tenant: z.string(),
  late: z.coerce.number().nonnegative(),
  reused: z.stringbool(),
  warm_up: z.stringbool(),
  start: z.coerce.number().positive(),
  segment: z
    .string()
    .regex(/^[\d./%]+:[\d./%]+$/)
    .transform((text) => text.split(':').map(readFraction) as [number, number]),
  failure: z.string().nullable().default(null),
  isolated: z.stringbool().nullable().default(null),
});
const pointWith = <Tags extends z.ZodType>(tags: Tags) =>
  z.object({
    metric: z.string(),
    data: z.object({
      time: z
        .string()
        .transform((text) => Date.parse(text))
        .pipe(z.number()),
      value: z.number().nonnegative(),
      tags,
    }),
  });
const anyPoint = pointWith(scriptTags);
const requestPoint = pointWith(requestTags);

/** A bound of an execution segment: `1/3`, `0.25` or `25%`. */
function readFraction(text: string): number {
  const [over = '', under = '1'] = text.split('/');
  return Number.parseFloat(over) / Number(under) / (over.endsWith('%') ? 100 : 1);
}

/** Of the many metrics of k6, those that are read. */
const READ = /"metric":"(load_response_time|dropped_iterations|load_end)"/;

function readInstance({ name, lines }: K6File): Instance {
  const found: Instance = {
    ...{ name, script: null, part: null, startMs: null, endMs: null },
    ...{ requests: [], droppedAtMs: [], isTruncated: false },
  };
  let at = 0;
  for (const line of lines) {
    at += 1;
    if (line.trim() === '') continue;
    if (found.isTruncated) throw invalid(name, { path: `line ${at - 1}`, found: 'half a line' });
    found.isTruncated = !line.trimEnd().endsWith('}');
    const [, metric] = READ.exec(line) ?? [];
    const isWanted = line.includes('"Point"') && (found.script === null || metric !== undefined);
    if (found.isTruncated || !isWanted) continue;
    const read = <T>(schema: z.ZodType<T>): T =>
      checkInput(parseJson(line), schema, ({ path: where, ...wrong }) =>
        describeInvalid(name, { path: `line ${at} → ${where}`, ...wrong }),
      );
    if (metric === 'load_response_time') {
      const { time, value, tags } = read(requestPoint).data;
      found.script ??= tags;
      found.part ??= tags.segment;
      found.startMs ??= tags.start;
      found.requests.push({
        dueAtMs: time - value,
        lateMs: tags.late,
        serviceMs: Math.max(0, value - tags.late),
        operation: tags.operation,
        tenant: tags.tenant,
        failure: tags.failure,
        isolated: tags.isolated,
        connectionReused: tags.reused,
        warmUp: tags.warm_up,
      });
      continue;
    }
    const { time, value, tags } = read(anyPoint).data;
    found.script ??= tags;
    if (metric === 'load_end') found.endMs = time;
    if (metric === 'dropped_iterations') {
      found.droppedAtMs.push(...Array.from({ length: value }, () => time));
    }
  }
  return found;
}

/** What is judged of a load: k6 sees neither the calls of the model nor the target's process. */
function describeJudged(
  loaded: ReturnType<typeof loadBudget>,
  load: string,
  tenants: string[],
): Pick<RunLine, 'objectives' | 'notMeasured' | 'knownGaps' | 'statistics'> {
  const { objectives: all, statistics, knownGaps } = resolveBudget(loaded);
  const whyUnseen = ({ metric }: (typeof all)[number]): string | null =>
    metric.needsModelCalls
      ? 'k6 does not see the calls of the model'
      : metric.countsUnderLoad === undefined || metric.countsUnderLoad === 'reading'
        ? "k6 does not read the metrics of the target's process"
        : null;
  const ofLoad = all.filter(({ workload }) => workload === load);
  const objectives = ofLoad.filter((one) => whyUnseen(one) === null);
  const notMeasured = ofLoad.flatMap((one) => {
    const reason = whyUnseen(one);
    return reason === null ? [] : [{ id: one.id, reason }];
  });
  const described = loaded.budget.loads[load];
  const target = { tenants, loads: described === undefined ? {} : { [load]: described } };
  const judged = excludeMultiTenantObjectives({ objectives, notMeasured }, target);
  return { ...judged, knownGaps, statistics };
}

/** Two files with the same part of the same run: the one with more requests is kept. */
function dropDuplicates(all: readonly Instance[]): { kept: Instance[]; copies: string[] } {
  const groups = Map.groupBy(all, ({ name, part, startMs }) =>
    part === null ? name : `${part} ${startMs}`,
  );
  const sorted = [...groups.values()].map((group) =>
    group.toSorted((a, b) => b.requests.length - a.requests.length),
  );
  return {
    kept: sorted.flatMap((group) => group.slice(0, 1)),
    copies: sorted.flatMap((group) => group.slice(1).map(({ name }) => name)),
  };
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
      throw invalid(name, {
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
  const sorted = parts.sort((a, b) => a.part[0] - b.part[0]);
  const percent = (share: number) => `${Number((share * 100).toFixed(1))} %`;
  const missing: string[] = [];
  let until = 0;
  for (const { name, part } of [...sorted, { name: '', part: [1, 1] as const }]) {
    const [from, to] = part;
    if (from < until - ROUNDING) {
      throw invalid(name, {
        path: 'segment',
        found: `${percent(from)} to ${percent(to)} of the load, which another instance offered too`,
        expected: 'a part of its own',
        remedy: 'Give each instance its own --execution-segment, and each run a folder of its own.',
      });
    }
    if (from > until + ROUNDING) {
      missing.push(`no file holds the part of the load from ${percent(until)} to ${percent(from)}`);
    }
    until = to;
  }
  return missing;
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
function encodeRequests(requests: K6Request[], config: K6Config, fromMs: number): RecordLine[] {
  const { scenario, load: workload } = config;
  const scope = scopeOfK6Config(config);
  const step = {
    model: scenario.executor === 'constant-vus' ? 'closed' : 'open',
    ratePerSecond: scenario.executor === 'constant-arrival-rate' ? scenario.rate / 1000 : null,
  } as const;
  const numbered = requests
    .sort((a, b) => Number(b.warmUp) - Number(a.warmUp) || a.dueAtMs - b.dueAtMs)
    .map((request, index) => {
      const dueMs = Math.max(0, request.dueAtMs - fromMs);
      return { ...request, id: `${scope}-${index}`, index, dueMs, modelMs: null };
    });
  const lines = Map.groupBy(
    numbered,
    ({ warmUp, index }) => `${warmUp} ${Math.floor(index / REQUESTS_IN_LINE)}`,
  );
  return [...lines.values()].map((those) => {
    const warmUp = those[0]?.warmUp === true;
    return encodeLoadLine({ workload, scope, step, warmUp, fromMs }, those);
  });
}

type Invalid = { found: string } & Partial<
  Pick<HarnessErrorDetails, 'path' | 'expected' | 'remedy'>
>;

function invalid(file: string, details: Invalid): HarnessError {
  return new HarnessError(describeInvalid(file, details));
}

function describeInvalid(file: string, details: Invalid): HarnessErrorDetails {
  return {
    code: 'RECORD_INVALID',
    summary: `${file} cannot be judged as a result of k6.`,
    file,
    expected: 'a line of k6 run --out json=…',
    remedy:
      'Run a script that npm run load:k6 wrote again, with --out json=<folder>/<instance>.json for each instance.',
    ...details,
  };
}
