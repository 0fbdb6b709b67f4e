import { z } from 'zod';
import {
  arrivalModelSchema,
  cutProfile,
  expectedRequests,
  perSecond,
  rateProfile,
  rateSchema,
} from './arrivalModel.ts';
import type { Objective } from './objective.ts';

const share = z.number().positive();
/** Each user has a connection of its own. */
const MOST_USERS = 1_000;

/** A kind of caller: its operations, its tenants, and the pauses of a user of a closed model. */
function scenarioSchema(operations: readonly string[]) {
  return z.strictObject({
    share: share.default(1).describe('Share of the requests, beside those of the other scenarios'),
    operations: z
      .partialRecord(z.enum(operations), share)
      .refine((mix) => Object.keys(mix).length > 0, 'at least one operation')
      .describe('The mix of operations: the share of each'),
    questions: z
      .array(z.string().trim().min(1).max(10_000))
      .min(1)
      .optional()
      .describe('One of them, drawn for each request; left out: the questions of the harness'),
    tenantShares: z
      .array(share)
      .min(1)
      .optional()
      .describe(
        'As many tenants ask as there are numbers, each with this share; left out: all tenants alike',
      ),
    thinkSeconds: z
      .strictObject({ min: z.number().nonnegative(), max: z.number().nonnegative() })
      .refine(({ min, max }) => min <= max, 'min no greater than max')
      .optional()
      .describe('Of a user of a closed model: pause after each answer'),
  });
}

const ceilingsOfLoad = z.strictObject({
  requests: z.int().positive().optional(),
  modelCalls: z.int().nonnegative().optional(),
  tokens: z.int().nonnegative().optional().describe('Takes tokensPerCall'),
});

/** A load: its scenarios, its workload model (open: `arrivals`; closed: `users`; or a `search` for the knee), and the most that it may cost. */
export function loadSchema(operations: readonly string[]) {
  return z
    .strictObject({
      scenarios: z.array(scenarioSchema(operations)).min(1).max(50),
      arrivals: arrivalModelSchema
        .optional()
        .describe('Open model: requests arrive on schedule, answered or not'),
      users: z
        .int()
        .positive()
        .max(MOST_USERS)
        .optional()
        .describe(
          'Closed model: the number of users, each of whom waits for an answer before the next request',
        ),
      search: z
        .strictObject({
          from: rateSchema,
          to: rateSchema,
          stepSeconds: z.number().min(2).max(600),
        })
        .refine(({ from, to }) => perSecond(from) <= perSecond(to), 'from no higher than to')
        .optional()
        .describe('Steps of a constant rate, up to the knee'),
      durationSeconds: z
        .number()
        .positive()
        .max(7 * 86_400)
        .optional()
        .describe('Of a load that is not a search, warm-up left out'),
      warmUpSeconds: z
        .number()
        .nonnegative()
        .max(600)
        .default(2)
        .describe('At first, and thrown away'),
      model: z
        .strictObject({ medianMs: z.number().positive(), p95Ms: z.number().positive() })
        .refine(({ medianMs, p95Ms }) => p95Ms > medianMs, 'a P95 above the median')
        .default({ medianMs: 50, p95Ms: 80 })
        .describe('How long a mocked model takes for a call'),
      tokensPerCall: z
        .int()
        .positive()
        .optional()
        .describe('Tokens that a call of a real model is paid for'),
      ceilings: ceilingsOfLoad
        .default({})
        .describe('What this load may cost, beside the ceilings of the run'),
    })
    .superRefine((load, context) => {
      const refuse = (path: string[], message: string) =>
        context.addIssue({ code: 'custom', path, message });
      const { durationSeconds, scenarios, ceilings, tokensPerCall } = load;
      const [kind, ...others] = (['arrivals', 'users', 'search'] as const).filter(
        (one) => load[one] !== undefined,
      );
      if (kind === undefined || others.length > 0) {
        refuse(others.slice(0, 1), 'exactly one of arrivals, users and search');
      } else if (kind === 'search' && durationSeconds !== undefined) {
        refuse(['durationSeconds'], 'none, since a search has stepSeconds');
      } else if (kind !== 'search' && durationSeconds === undefined) {
        refuse(['durationSeconds'], 'for how long, in seconds');
      } else if (kind !== 'users' && scenarios.some((one) => one.thinkSeconds !== undefined)) {
        refuse(['scenarios'], 'no thinkSeconds: only the users of a closed model think');
      } else if (ceilings.tokens !== undefined && tokensPerCall === undefined) {
        refuse(['tokensPerCall'], 'a number, since tokens have a ceiling');
      }
    })
    .describe('A load that the target is put under');
}

export type Load = z.infer<ReturnType<typeof loadSchema>>;

/** Average number of requests to judge. Null if it depends on the answers, as with users and in a search. */
export function expectedJudged(load: Load): number | null {
  const { arrivals, warmUpSeconds, durationSeconds = 0, ceilings } = load;
  if (arrivals === undefined) return null;
  const pieces = rateProfile(arrivals, warmUpSeconds + durationSeconds);
  const all = Math.min(expectedRequests(pieces), ceilings.requests ?? Number.POSITIVE_INFINITY);
  return Math.max(0, all - expectedRequests(cutProfile(pieces, warmUpSeconds)));
}

/** The median of fewer requests is too noisy. */
export const FEWEST_IN_WINDOW = 20;

/** There may be fewer requests than expected: arrivals are random, and failed requests have no latency. */
const MARGIN = 0.95;

/** Requests in each window of a load. Empty without windows, or if the number of requests is not known in advance. */
export function planWindowSize(
  { metric, sampleBudget }: Pick<Objective, 'metric' | 'sampleBudget'>,
  load: Load,
): { windowSize?: number } {
  const requests = metric.countsUnderLoad === 'window' ? expectedJudged(load) : null;
  if (requests === null) return {};
  const size = Math.floor((requests * MARGIN) / sampleBudget);
  return { windowSize: Math.max(size, FEWEST_IN_WINDOW) };
}
