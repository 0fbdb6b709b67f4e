import { parseArgs } from 'node:util';
import { z } from 'zod';
import { plannedPolicy, todayPolicy } from './api/ai/aiPolicy.ts';
import { maxExtraTenants } from './api/data/extraTenant.ts';
import type { SalestalkOptions } from './salestalkOptions.ts';
import { StartupError } from './startupError.ts';

const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, 'is not a whole number')
    .transform(Number)
    .pipe(z.number().min(min).max(max));
const offOr = <T>(value: z.ZodType<T, string>) =>
  z.union([z.literal('off').transform(() => null), value]);

const schema = z.object({
  port: whole(0, 65_535).default(0),
  host: z.string().min(1).default('127.0.0.1'),
  tenants: whole(0, maxExtraTenants).default(0),
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

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const options = {
  port: text,
  host: text,
  tenants: text,
  defect: { type: 'string', multiple: true },
  'ai-timeout-ms': text,
  'ai-total-ms': text,
  'ai-retries': text,
  'ai-retry-after': text,
  flavour: text,
  'gc-on-metrics': flag,
  'demo-sign-in': flag,
  seed: text,
  help: flag,
} as const;

export type CommandLine =
  | { help: true }
  | ({ help: false } & Omit<SalestalkOptions, 'jwtSecret' | 'ai'>);

/** Reads the command line. @throws StartupError `ARGUMENT_INVALID` naming the option */
export function readCommandLine(args: readonly string[]): CommandLine {
  const parsed = schema.safeParse(parse(args));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalid(`--${issue?.path.join('.')}: ${issue?.message}`);
  }
  const given = parsed.data;
  if (given.help) return { help: true };

  const base = given.flavour === 'today' ? todayPolicy : plannedPolicy;
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
    return parseArgs({ args: [...args], options, strict: true }).values;
  } catch (failure) {
    throw invalid(failure instanceof Error ? failure.message : String(failure));
  }
}

const invalid = (message: string): StartupError =>
  new StartupError('ARGUMENT_INVALID', `${message}. Run with --help for the options.`);
