import { parseArgs } from 'node:util';
import { z } from 'zod';
import { StartError } from '../childProcess.ts';
import { PLANNED_POLICY, TODAY_POLICY } from './api/ai/attemptRules.ts';
import { MAX_EXTRA_TENANTS } from './api/data/loadTenants.ts';
import { DEFECTS } from './defects/plantDefects.ts';
import type { SalestalkOptions } from './startSalestalk.ts';

const TEXT = { type: 'string' } as const;
const FLAG = { type: 'boolean' } as const;

const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, 'is not a whole number')
    .transform(Number)
    .pipe(z.number().min(min).max(max));
const offOr = <T>(value: z.ZodType<T, string>) =>
  z.union([z.literal('off').transform(() => null), value]);

const optionsSchema = z.object({
  port: whole(0, 65_535).default(0),
  host: z.string().min(1).default('127.0.0.1'),
  tenants: whole(0, MAX_EXTRA_TENANTS).default(0),
  defect: z.array(z.string()).default([]),
  'ai-timeout-ms': offOr(whole(1, 3_600_000)).optional(),
  'ai-total-ms': whole(1, 3_600_000).optional(),
  'ai-retries': offOr(whole(1, 100)).optional(),
  'ai-retry-after': z.enum(['on', 'off']).optional(),
  flavour: z.enum(['planned', 'today']).default('planned'),
  'gc-on-metrics': z.boolean().default(false),
  'demo-sign-in': z.boolean().default(false),
  seed: whole(0, 2 ** 32 - 1).default(1),
  help: z.boolean().default(false),
});

const OPTIONS = {
  port: TEXT,
  host: TEXT,
  tenants: TEXT,
  defect: { type: 'string', multiple: true },
  'ai-timeout-ms': TEXT,
  'ai-total-ms': TEXT,
  'ai-retries': TEXT,
  'ai-retry-after': TEXT,
  flavour: TEXT,
  'gc-on-metrics': FLAG,
  'demo-sign-in': FLAG,
  seed: TEXT,
  help: FLAG,
} as const;

type CommandLine = { help: true } | ({ help: false } & Omit<SalestalkOptions, 'jwtSecret' | 'ai'>);

/** Reads the command line. @throws StartError `ARGUMENT_INVALID` naming the option */
export function readCommandLine(args: readonly string[]): CommandLine {
  const parsed = optionsSchema.safeParse(parse(args));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalid(`--${issue?.path.join('.')}: ${issue?.message}`);
  }
  const given = parsed.data;
  if (given.help) return { help: true };

  const base = given.flavour === 'today' ? TODAY_POLICY : PLANNED_POLICY;
  const attempts = given['ai-retries'];
  const timeoutMs = given['ai-timeout-ms'];
  const totalMs = given['ai-total-ms'];
  const retryAfter = given['ai-retry-after'];
  return {
    help: false,
    host: given.host,
    port: given.port,
    extraTenantCount: given.tenants,
    defects: given.defect,
    seed: given.seed,
    gcOnMetrics: given['gc-on-metrics'],
    demoSignIn: given['demo-sign-in'],
    policy: {
      ...base,
      ...(timeoutMs === undefined ? {} : { attemptTimeoutMs: timeoutMs }),
      ...(totalMs === undefined ? {} : { totalMs }),
      ...(retryAfter === undefined ? {} : { honoursRetryAfter: retryAfter === 'on' }),
      ...(attempts === undefined
        ? {}
        : { retries: attempts === null ? null : { attempts, throttledAttempts: 2 * attempts } }),
    },
  };
}

function parse(args: readonly string[]): unknown {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true }).values;
  } catch (failure) {
    throw invalid(failure instanceof Error ? failure.message : String(failure));
  }
}

const invalid = (message: string): StartError =>
  new StartError('ARGUMENT_INVALID', `${message}. Run with --help for the options.`);

/** What `--help` prints. */
export function usage(): string {
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
