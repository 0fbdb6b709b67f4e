import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type Latency, latencySchema } from './behaviour/behaviours.ts';
import { explainIssue } from './explainIssue.ts';
import { StartError } from './server/listen.ts';
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
  --help                 show this

Environment:
  AI_MOCK_CONTROL_TOKEN  bearer token of the control listener; without it there is none

Control listener, with "Authorization: Bearer <token>":
  PUT /scopes/SCOPE           {"seed":1,"behaviours":[...]}  what calls meet whose prompt holds [ref:SCOPE-INDEX]; SCOPE is
                              eight hexadecimal digits. It lasts a minute: POST /scopes/SCOPE/renew, DELETE /scopes/SCOPE
  GET /scopes/SCOPE/journal   the calls that ended, as NDJSON; ?after=SEQ reads on
  POST /listener/refuse       {"forMs":1000}  the model's port refuses connections for so long
  GET /status                 how the mock itself is doing

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

const STRING = { type: 'string' } as const;
const OPTIONS = {
  port: STRING,
  host: STRING,
  'latency-ms': STRING,
  'latency-median-ms': STRING,
  'latency-p95-ms': STRING,
  seed: STRING,
  'control-port': STRING,
  help: { type: 'boolean' },
} as const;

const wholeNumber = z
  .string()
  .regex(/^-?\d{1,15}$/, 'expected a whole number')
  .transform(Number);
const milliseconds = z
  .string()
  .regex(/^\d+(?:\.\d+)?$/, 'expected a number of milliseconds')
  .transform(Number);
const port = wholeNumber.pipe(
  z.int().min(0, 'expected 0 to 65535').max(65_535, 'expected 0 to 65535'),
);
const valuesSchema = z.object({
  port: port.default(0),
  'control-port': port.default(0),
  host: z.string().min(1, 'expected an address').default('127.0.0.1'),
  seed: wholeNumber.default(1),
  'latency-ms': milliseconds.optional(),
  'latency-median-ms': milliseconds.optional(),
  'latency-p95-ms': milliseconds.optional(),
});

/** Reads the command line and the environment; 'help' if that was asked for. Fails with a StartError. */
export function readCommandLine(
  args: string[],
  env: Record<string, string | undefined>,
): AiMockOptions | 'help' {
  const given = parse(args);
  if (given.help === true) return 'help';
  const values = valuesSchema.safeParse(given);
  if (!values.success) throw invalidOption(explainIssue(values.error, given));
  const { host, port, seed, 'control-port': controlPort } = values.data;
  const token = env.AI_MOCK_CONTROL_TOKEN;
  // Set to nothing, a variable counts as unset.
  const controlToken = token === undefined || token.trim() === '' ? null : token;
  const latency = readLatency(values.data);
  return { host, port, controlPort, controlToken, defaults: { seed, behaviours: [{ latency }] } };
}

function parse(args: string[]): Record<string, unknown> {
  try {
    return parseArgs({ args, options: OPTIONS }).values;
  } catch (error) {
    const [message] = String(error instanceof Error ? error.message : error).split('. ');
    throw new StartError('OPTION_INVALID', `${message}. --help lists the options.`);
  }
}

function readLatency(values: z.infer<typeof valuesSchema>): Latency {
  const { 'latency-ms': ms, 'latency-median-ms': medianMs, 'latency-p95-ms': p95Ms } = values;
  if (medianMs === undefined && p95Ms === undefined)
    return checked({ distribution: 'constant', ms: ms ?? 0 });
  if (medianMs === undefined || p95Ms === undefined || ms !== undefined)
    throw new StartError(
      'OPTION_INVALID',
      '--latency-median-ms and --latency-p95-ms are given together and without --latency-ms.',
    );
  return checked({ distribution: 'logNormal', medianMs, p95Ms });
}

const OPTION_OF: Record<string, string> = {
  ms: 'latency-ms',
  medianMs: 'latency-median-ms',
  p95Ms: 'latency-p95-ms',
};

function checked(latency: Latency): Latency {
  const read = latencySchema.safeParse(latency);
  if (read.success) return read.data;
  const explained = explainIssue(read.error, latency);
  throw invalidOption(explained.replace(/^\w+/, (name) => OPTION_OF[name] ?? name));
}

function invalidOption(explained: string): StartError {
  return new StartError('OPTION_INVALID', `--${explained}. --help lists the options.`);
}
