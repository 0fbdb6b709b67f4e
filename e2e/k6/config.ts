import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Scenario } from 'k6/options';
import { highestRate, type RatePiece, rateProfile } from '../core/budget/arrivalModel.ts';
import type { Load } from '../core/budget/loadSchema.ts';
import { HarnessError } from '../core/harnessError.ts';
import { CONNECTIONS } from '../salestalk/operations.ts';
import { QUESTIONS } from '../salestalk/questions.ts';
import { type loadBudget, resolveBudget } from '../setup/loadBudget.ts';
import { refuseBeyondCeilings, refuseCostlyLoads } from '../workloads/ceilings.ts';
import { deriveSeed } from '../workloads/recordWorkload.ts';
import { computeLoadCost } from '../workloads/workloadCost.ts';

/** All that the script knows of the budget. */
export type K6Config = {
  target: string;
  load: string;
  /** Only these may be driven. */
  hosts: string[];
  seed: number;
  warmUpSeconds: number;
  /** Warm-up included. */
  seconds: number;
  maxRequests: number;
  /** How long a mocked model takes for a call. */
  model: Load['model'];
  /** How k6 starts iterations. */
  scenario: Scenario;
  /** Each request is put off by a draw of up to this. */
  spreadMs: number;
  scenarios: (Omit<Load['scenarios'][number], 'operations' | 'questions'> & {
    operations: Record<string, number | undefined>;
    questions: readonly string[];
  })[];
  /** A request is bad if it failed, is not isolated, or took `limit` ms or longer. */
  objectives: { name: string; metric: string; limit: number; allowedShare: number }[];
};

/** The metrics that the script judges request by request. The report judges these and more. */
const JUDGED_IN_SCRIPT = ['latency', 'serviceTime', 'availability', 'isolation'];

/**
 * Points that are put off at random by up to a time T come, in a time t, nearly as those of a Poisson process: their variance is smaller by
 * the share t/T. So bursts of up to 200 ms are offered with nine tenths of it or more.
 */
const POISSON_SPREAD_MS = 2_000;

/**
 * What a k6 script needs of a load.
 * @throws HarnessError OPTION_REFUSED for a load that the budget does not have, does not allow, or that k6 cannot offer; CEILING_EXCEEDED
 */
export function buildK6Config(
  loaded: ReturnType<typeof loadBudget>,
  target: string,
  name: string,
): K6Config {
  const { budget, file, inheritedFrom } = loaded;
  const { ceilings, supports, loads } = budget;
  const refuse = (
    path: string,
    details: Record<'summary' | 'found' | 'expected' | 'remedy', string>,
  ) => new HarnessError({ code: 'OPTION_REFUSED', file, path, ...details });
  if (!ceilings.load) {
    throw refuse('ceilings → load', {
      summary: `The budget allows no load of ${target}.`,
      found: 'false',
      expected: 'true',
      remedy: 'Name another target by SALESTALK_TARGET, or have the ceiling raised.',
    });
  }
  const load = loads[name];
  if (load === undefined) {
    throw refuse('loads', {
      summary: `${file} describes no load "${name}".`,
      found: name,
      expected: Object.keys(loads).join(', '),
      remedy: 'Name one of these.',
    });
  }
  if (load.search !== undefined) {
    throw refuse(`loads → ${name}`, {
      summary: `k6 cannot offer the load "${name}".`,
      found: 'a search, whose steps depend on the verdicts so far',
      expected: 'arrivals or users',
      remedy: 'Run npm run capacity instead.',
    });
  }
  const objectives = resolveBudget(loaded).objectives.filter(({ workload }) => workload === name);
  const cost = computeLoadCost(name, load, 1);
  refuseBeyondCeilings([cost], { target: { name: target, ceilings, supports } });
  refuseCostlyLoads(
    { objectives },
    { name: target, loads: { [name]: load }, supports },
    inheritedFrom,
  );
  const { warmUpSeconds, durationSeconds = 0, arrivals, scenarios, users, model } = load;
  const seconds = warmUpSeconds + durationSeconds;
  const pieces = arrivals === undefined ? [] : rateProfile(arrivals, seconds);
  const slotMs = pieces.length === 0 ? 0 : 1000 / highestRate(pieces);
  return {
    target,
    load: name,
    hosts: budget.hosts,
    seed: deriveSeed(name),
    warmUpSeconds,
    seconds,
    maxRequests: cost.requests,
    model,
    scenario:
      users === undefined
        ? openScenario(pieces)
        : { executor: 'constant-vus', vus: users, duration: `${seconds}s` },
    spreadMs: arrivals?.model === 'poisson' ? POISSON_SPREAD_MS : slotMs,
    scenarios: scenarios.map(({ questions = QUESTIONS, ...one }) => ({ ...one, questions })),
    objectives: objectives
      .filter(({ metric }) => JUDGED_IN_SCRIPT.includes(metric.name))
      .map(({ id, metric, objective, allowedShare }) => ({
        // k6 allows no other characters in the name of a metric.
        name: id.replaceAll(/\W/g, '_'),
        metric: metric.name,
        limit: objective,
        allowedShare,
      })),
  };
}

/** k6 takes whole numbers of iterations, so that a rate such as 23.148/s is one for a thousand seconds. */
function openScenario(pieces: readonly RatePiece[]): K6Config['scenario'] {
  const whole = (rate: number) => Math.round(rate * 1000);
  const [first] = pieces;
  const common = {
    timeUnit: '1000s',
    // Enough for answers within two seconds. Allocating more takes time while others wait.
    preAllocatedVUs: Math.min(CONNECTIONS, Math.ceil(highestRate(pieces) * 4)),
    maxVUs: CONNECTIONS,
  };
  if (first !== undefined && pieces.length === 1 && first.from === first.to) {
    const duration = `${first.seconds}s`;
    return { executor: 'constant-arrival-rate', rate: whole(first.from), duration, ...common };
  }
  const stages = pieces.flatMap(({ seconds, from, to }) => [
    { target: whole(from), duration: '0s' },
    { target: whole(to), duration: `${seconds}s` },
  ]);
  return {
    executor: 'ramping-arrival-rate',
    startRate: whole(first?.from ?? 0),
    stages,
    ...common,
  };
}

/** The script of a load: `script.js` with its CONFIG filled in. */
export function writeK6Script(config: K6Config): string {
  const template = readFileSync(new URL('script.js', import.meta.url), 'utf8');
  const [top = '', rest] = template.split(PLACE);
  if (rest === undefined) throw new Error('script.js has no place for its CONFIG');
  return `${top}export const CONFIG = ${JSON.stringify(config, null, 2)};${rest}`;
}

const PLACE = `/** @type {import('./config.ts').K6Config} */
export const CONFIG = JSON.parse('{}');`;

/** Identifies a script in its results, as the script itself computes it. */
export function hashK6Config(config: K6Config): string {
  return createHash('sha256').update(JSON.stringify(config)).digest('hex');
}

/** Identifies the requests of a script to the AI mock. */
export function scopeOfK6Config(config: K6Config): string {
  return hashK6Config(config).slice(0, 8);
}
