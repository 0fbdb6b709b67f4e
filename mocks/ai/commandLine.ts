import { z } from 'zod';
import { invalidOption, readOptions, wholeNumber } from '../readInput.ts';
import { type Latency, latencySchema, MAX_LATENCY_MS } from './behaviour/latency.ts';
import type { AiMockOptions } from './startAiMock.ts';

export const USAGE = `Usage: npm run ai-mock -- [options]

A mocked AI model behind the HTTP APIs of Ollama and Amazon Bedrock, for any SalesTalk deployment.

  --port N               port of the model (default 0: one that is free; Ollama's own is 11434)
  --host ADDRESS         address of the model (default 127.0.0.1; 0.0.0.0 for containers and other machines)
  --latency-ms N         every answer takes N milliseconds (default 0)
  --latency-median-ms M --latency-p95-ms P
                         answers take log-normal times with this median and 95th percentile
  --seed N               seed of the times drawn (default 1)
  --control-port N       port of the control listener on 127.0.0.1 (default 0: one that is free)
  --control-name NAME    lets other machines, such as the pods of load:k8s, control the mock: its control listener is on --host too and
                         answers to this name. The token must hold 32 characters or more, and travels in the clear
  --help                 show this

Environment:
  AI_MOCK_CONTROL_TOKEN  bearer token of the control listener; without it there is none

Control listener, with "Authorization: Bearer <token>":
  PUT /scopes/SCOPE           {"seed":1,"behaviours":[...]}  what calls meet whose prompt holds [ref:SCOPE-INDEX]; SCOPE is
                              eight hexadecimal digits. It lasts a minute: POST /scopes/SCOPE/renew, DELETE /scopes/SCOPE
  GET /scopes/SCOPE/journal   the calls that ended, as NDJSON; ?after=SEQ reads on
  POST /listener/refuse       {"forMs":1000}  the model's port refuses connections for so long
  GET /status                 lateness, event-loop delay, CPU time and memory of the mock itself

Behaviours, of which the first that matches and has an aspect decides it:
  {"match":{"provider":"ollama","kind":"classification","attempts":{"first":2},"calls":{"every":10}},
   "latency":{"distribution":"constant","ms":200},
   "fault":{"kind":"rateLimit","retryAfter":{"seconds":2}}}
  calls      {"first":K} | {"every":K} | {"share":0.1}
  latency    constant (ms) | uniform (minMs, maxMs) | logNormal (medianMs, p95Ms)
  stream     {"firstChunk":LATENCY,"betweenChunks":LATENCY}
  fault      status (status, body) | rateLimit (retryAfter: seconds or {"date":{"inSeconds":N}}) | reset (when: before, middle)
             | hang | trickle (bytesPerSecond) | truncate
  answer     malformedJson | fencedJson | wrongSchema | confidenceOutOfRange | empty | huge (sizeBytes)
`;

/** Where other machines reach the control listener. */
const LEAST_TOKEN_CHARACTERS = 32;

const port = wholeNumber(0, 65_535).default(0);
const milliseconds = z
  .string()
  .regex(/^\d+(?:\.\d+)?$/, 'expected a number of milliseconds')
  .transform(Number)
  .pipe(z.number().max(MAX_LATENCY_MS))
  .optional();
const optionsSchema = z.object({
  port,
  'control-port': port,
  host: z.string().min(1, 'expected an address').default('127.0.0.1'),
  'control-name': z
    .string()
    .regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, 'expected a host name without scheme and port')
    .optional(),
  seed: wholeNumber(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER).default(1),
  'latency-ms': milliseconds,
  'latency-median-ms': milliseconds,
  'latency-p95-ms': milliseconds,
  help: z.boolean().default(false),
});

/** Reads the command line and the environment; 'help' if that was asked for. @throws StartError `OPTION_INVALID` */
export function readCommandLine(
  args: readonly string[],
  env: Record<string, string | undefined>,
): AiMockOptions | 'help' {
  const options = readOptions(args, optionsSchema, 'OPTION_INVALID');
  if (options.help) return 'help';
  const { host, port, seed, 'control-port': controlPort } = options;
  const controlName = options['control-name'] ?? null;
  // Set to nothing, a variable counts as unset.
  const controlToken = env.AI_MOCK_CONTROL_TOKEN?.trim() ? env.AI_MOCK_CONTROL_TOKEN : null;
  if (controlName !== null && (controlToken?.length ?? 0) < LEAST_TOKEN_CHARACTERS)
    throw invalidOption(
      'OPTION_INVALID',
      `--control-name: AI_MOCK_CONTROL_TOKEN must hold ${LEAST_TOKEN_CHARACTERS} characters or more, as of openssl rand -hex 32`,
    );
  const behaviours = [{ latency: readLatency(options) }];
  return { host, port, controlPort, controlToken, controlName, defaults: { seed, behaviours } };
}

function readLatency(options: z.infer<typeof optionsSchema>): Latency {
  const { 'latency-ms': ms, 'latency-median-ms': medianMs, 'latency-p95-ms': p95Ms } = options;
  if (medianMs === undefined && p95Ms === undefined)
    return { distribution: 'constant', ms: ms ?? 0 };
  if (medianMs === undefined || p95Ms === undefined || ms !== undefined)
    throw invalidOption(
      'OPTION_INVALID',
      '--latency-median-ms and --latency-p95-ms are given together and without --latency-ms',
    );
  const latency = latencySchema.safeParse({ distribution: 'logNormal', medianMs, p95Ms });
  if (latency.success) return latency.data;
  const expected = 'expected at least --latency-median-ms, and that above 0';
  const problem = `--latency-p95-ms: ${expected}; found ${medianMs} and ${p95Ms}`;
  throw invalidOption('OPTION_INVALID', problem);
}
