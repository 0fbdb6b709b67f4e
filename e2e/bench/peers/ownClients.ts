import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { parseJson } from '../../core/readJson.ts';
import { clientReport, quantilesMs } from '../clients/loadClient.ts';
import { type ClosedLoad, type OpenLoad, refuseFailures, timeoutFor } from './peers.ts';
import { runTool, type ToolRun } from './runTool.ts';

type MeasuredOwnLoad = { report: z.infer<typeof clientReport>; run: ToolRun };

/** Our open model on our HTTP client. */
export async function runOwnOpen(load: OpenLoad & { body?: string }): Promise<MeasuredOwnLoad> {
  const { url, ratePerSecond: rate, seconds, warmUpSeconds, connections, body } = load;
  const args = { url, rate, seconds, 'warm-up-seconds': warmUpSeconds, connections, body };
  return readReport(await runClient('ownLoad.ts', args, { timeoutMs: timeoutFor(load) }));
}

/** Our closed model, in which a slow answer holds back its user. */
export async function runOwnClosed(
  load: ClosedLoad & { thinkMs?: number; body?: string; runtimeFlags?: string[] },
): Promise<MeasuredOwnLoad> {
  const { url, users, seconds, thinkMs, body, runtimeFlags } = load;
  const args = { url, users, seconds, 'think-ms': thinkMs, body };
  const options = { timeoutMs: timeoutFor(load), runtimeFlags };
  return readReport(await runClient('ownLoad.ts', args, options));
}

function readReport(run: ToolRun): MeasuredOwnLoad {
  const report = clientReport.parse(parseJson(run.stdout));
  refuseFailures(report.failed + report.neverSent, report.requests, report.firstFailure);
  return { report, run };
}

const playwrightReport = z.object({
  requests: z.int(),
  /** By a clock around it. */
  wallMs: quantilesMs,
  /** By `APIResponse.timing()`. */
  reportedMs: quantilesMs,
});

/** Playwright's request context, on our schedule since it has none. */
export async function runPlaywrightOpen(
  load: Omit<OpenLoad, 'connections'>,
): Promise<z.infer<typeof playwrightReport>> {
  const { url, ratePerSecond: rate, seconds, warmUpSeconds } = load;
  const args = { url, rate, seconds, 'warm-up-seconds': warmUpSeconds };
  const run = await runClient('playwrightLoad.ts', args, { timeoutMs: timeoutFor(load) });
  return playwrightReport.parse(parseJson(run.stdout));
}

const CLIENTS = new URL('../clients/', import.meta.url);

/**
 * Runs a program of `clients/` in a process of its own, on the runtime of this one, so that its start-up costs it as much as any other
 * tool. @throws Error with its last line, where it fails
 */
export function runClient(
  script: string,
  args: Record<string, string | number | undefined>,
  { timeoutMs, runtimeFlags = [] }: { timeoutMs: number; runtimeFlags?: string[] | undefined },
): Promise<ToolRun> {
  const file = fileURLToPath(new URL(script, CLIENTS));
  const options = Object.entries(args)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `--${name}=${value}`);
  const flags = ['--disable-warning=ExperimentalWarning', ...runtimeFlags];
  return runTool(process.execPath, [...flags, file, ...options], { timeoutMs });
}
