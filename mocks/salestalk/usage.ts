import { defects } from './defects/findDefects.ts';

/** What `--help` prints. */
export function usage(): string {
  const known = defects.map(({ name, description }) => `    ${name.padEnd(26)}${description}`);
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
BEDROCK_MODEL_ID, AWS_REGION, SALESTALK_JWT_SECRET (needed, but for --demo-sign-in), EXIT_WITH_PARENT=1
`;
}
