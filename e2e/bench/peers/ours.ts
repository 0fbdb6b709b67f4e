import { parseJson } from '../../core/parseJson.ts';
import { type ClientReport, clientReport } from '../clients/clientReport.ts';
import { runClient } from '../process/runClient.ts';
import type { ToolRun } from '../process/runTool.ts';
import { type ClosedLoad, type OpenLoad, refuseFailures, timeoutFor } from './peer.ts';

type Ran = { report: ClientReport; run: ToolRun };

/** Our open model on our HTTP client. */
export async function oursOpen(load: OpenLoad & { body?: string }): Promise<Ran> {
  const { url, ratePerSecond: rate, seconds, warmUpSeconds = 0, connections, body } = load;
  const more = body === undefined ? {} : { body };
  const args = { url, rate, seconds, 'warm-up-seconds': warmUpSeconds, connections, ...more };
  return read(await runClient('openLoad.ts', args, { timeoutMs: timeoutFor(load) }));
}

/** Our closed model, in which a slow answer holds back its user. */
export async function oursClosed(
  load: ClosedLoad & { thinkMs?: number; body?: string; runtimeFlags?: string[] },
): Promise<Ran> {
  const { url, users, seconds, thinkMs = 0, body, runtimeFlags = [] } = load;
  const args = { url, users, seconds, 'think-ms': thinkMs };
  const more = body === undefined ? {} : { body };
  return read(
    await runClient(
      'closedLoad.ts',
      { ...args, ...more },
      { timeoutMs: timeoutFor(load), runtimeFlags },
    ),
  );
}

function read(run: ToolRun): Ran {
  const report = clientReport.parse(parseJson(run.stdout));
  refuseFailures(report.failed + report.neverSent, report.requests, report.firstFailure);
  return { report, run };
}
