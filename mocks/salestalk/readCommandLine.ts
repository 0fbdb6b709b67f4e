import { z } from 'zod';
import { readOptions, wholeNumber } from '../readInput.ts';
import { PLANNED_POLICY, TODAY_POLICY } from './api/ai/attemptRules.ts';
import { MAX_EXTRA_TENANTS } from './api/data/loadTenants.ts';
import { DEFECTS } from './defects/plantDefects.ts';
import type { SalestalkOptions } from './startSalestalk.ts';

const offOr = <T>(value: z.ZodType<T, string>) =>
  z.union([z.literal('off').transform(() => null), value]);
const duration = wholeNumber(1, 3_600_000);

const optionsSchema = z.object({
  port: wholeNumber(0, 65_535).default(0),
  host: z.string().min(1).default('127.0.0.1'),
  tenants: wholeNumber(0, MAX_EXTRA_TENANTS).default(0),
  defect: z.array(z.string()).default([]),
  'ai-timeout-ms': offOr(duration).optional(),
  'ai-total-ms': duration.optional(),
  'ai-retries': offOr(
    wholeNumber(1, 100).transform((attempts) => ({ attempts, throttledAttempts: 2 * attempts })),
  ).optional(),
  'ai-retry-after': z
    .enum(['on', 'off'])
    .transform((given) => given === 'on')
    .optional(),
  flavour: z.enum(['planned', 'today']).default('planned'),
  'gc-on-metrics': z.boolean().default(false),
  'demo-sign-in': z.boolean().default(false),
  seed: wholeNumber(0, 2 ** 32 - 1).default(1),
  help: z.boolean().default(false),
});

/** Reads the command line; 'help' for `--help`. @throws StartError `ARGUMENT_INVALID` */
export function readCommandLine(
  args: readonly string[],
): Omit<SalestalkOptions, 'jwtSecret' | 'ai'> | 'help' {
  const given = readOptions(args, optionsSchema, 'ARGUMENT_INVALID');
  if (given.help) return 'help';
  const base = given.flavour === 'today' ? TODAY_POLICY : PLANNED_POLICY;
  const {
    'ai-timeout-ms': attemptTimeoutMs = base.attemptTimeoutMs,
    'ai-total-ms': totalMs = base.totalMs,
    'ai-retries': retries = base.retries,
    'ai-retry-after': honoursRetryAfter = base.honoursRetryAfter,
  } = given;
  return {
    host: given.host,
    port: given.port,
    extraTenantCount: given.tenants,
    defects: given.defect,
    seed: given.seed,
    gcOnMetrics: given['gc-on-metrics'],
    demoSignIn: given['demo-sign-in'],
    policy: { attemptTimeoutMs, totalMs, retries, honoursRetryAfter },
  };
}

export function formatUsage(): string {
  const known = DEFECTS.map(({ name, description }) => `    ${name.padEnd(26)}${description}`);
  return `The embedded SalesTalk: API and page in one process.

  --port N                 port to listen on (default 0: any free one)
  --host H                 address to listen on (default 127.0.0.1)
  --tenants N              tenants beyond the two of the seed data: tenant-0001 and so on (default 0)
  --flavour NAME           planned (default): time-outs, retries and Retry-After; today: none of them
  --ai-timeout-ms N|off    longest wait for the model, for its first chunk, and between chunks (planned: 8000)
  --ai-total-ms N          most time for one request's model calls, waits included (default 25000)
  --ai-retries N|off       most attempts at a model call, twice as many where it throttles (planned: 5)
  --ai-retry-after on|off  whether to wait as long as the provider asks (planned: on)
  --gc-on-metrics          collect garbage before each reading of /metrics; for measurements of memory
  --demo-sign-in           let anyone sign in as any tenant; for demonstrations
  --seed N                 seed of jitter and defects (default 1)
  --defect NAME            plant a fault; may be given several times
${known.join('\n')}
  --help                   print this

Environment: AI_PROVIDER=ollama|bedrock, OLLAMA_BASE_URL, OLLAMA_MODEL, AWS_ENDPOINT_URL_BEDROCK_RUNTIME,
BEDROCK_MODEL_ID, AWS_REGION, SALESTALK_JWT_SECRET (needed without --demo-sign-in), EXIT_WITH_PARENT=1
`;
}
