import { appendFileSync, writeFileSync } from 'node:fs';
import type { LoadLine } from '../../core/record/loadLine.ts';
import type { RecordLine, RunLine } from '../../core/record/recordLine.ts';
import { normalDraw, seededDraw } from '../../core/statistics/seededDraw.ts';
import type { EndedRequest } from '../../workloads/load/endedRequest.ts';
import { loadLineOf } from '../../workloads/load/loadColumns.ts';

/** As a load writes them: what became known between two looks. */
const REQUESTS_A_LINE = 250;
const RATE_PER_SECOND = 200;
const SCOPE = '5f3a9c1e';
const TENANTS = 5;
const FAILED_SHARE = 0.0002;

/**
 * Writes the record of a load of so many requests, well and with the scatter of a real one, so that nothing is quicker to judge than it would
 * be. The same for the same seed.
 */
export function writeLoadRecord(
  file: string,
  options: { header: RunLine; workload: string; requests: number; seed: number },
): void {
  const { header, workload, requests, seed } = options;
  const fromMs = Date.parse(header.startedAt);
  const head = {
    workload,
    scope: SCOPE,
    step: { model: 'open', ratePerSecond: RATE_PER_SECOND },
    warmUp: false,
    fromMs,
  } satisfies Partial<LoadLine>;
  const endMs = fromMs + (requests / RATE_PER_SECOND) * 1000;
  const atEnd = { ...workloadLine(workload, requests, 'complete', endMs) };
  writeFileSync(file, textOf(header, workloadLine(workload, requests, 'started', fromMs)));
  const next = requestSource(seed, fromMs);
  for (let index = 0; index < requests; index += REQUESTS_A_LINE) {
    const length = Math.min(REQUESTS_A_LINE, requests - index);
    const ended = Array.from({ length }, (_, at) => next(index + at));
    appendFileSync(file, textOf(loadLineOf(head, ended)));
  }
  appendFileSync(file, textOf(harnessLine(workload, endMs - fromMs), atEnd));
}

function textOf(...lines: RecordLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

function requestSource(seed: number, fromMs: number): (index: number) => EndedRequest {
  const draw = seededDraw(seed);
  const normal = normalDraw(draw);
  return (index) => {
    const dueMs = (index * 1000) / RATE_PER_SECOND;
    const modelMs = 250 * Math.exp(0.2 * normal());
    return {
      id: `${SCOPE}-${index}`,
      index,
      dueMs,
      dueAtMs: fromMs + dueMs,
      lateMs: draw(),
      serviceMs: modelMs + 5 + 5 * draw(),
      modelMs,
      operation: draw() < 0.5 ? 'classify' : 'chat',
      tenant: `tenant-${Math.floor(draw() * TENANTS)}`,
      failure: draw() < FAILED_SHARE ? 'status 500' : null,
      isolated: true,
      connectionReused: true,
      warmUp: false,
      knownAtMs: dueMs,
    };
  };
}

function workloadLine(
  workload: string,
  requests: number,
  state: 'started' | 'complete',
  atMs: number,
): RecordLine {
  const planned = { [workload]: requests };
  return {
    type: 'workload',
    workload,
    scope: SCOPE,
    state,
    atMs,
    planned,
    modelCallsMatched: true,
  };
}

function harnessLine(workload: string, durationMs: number): RecordLine {
  return {
    type: 'harness',
    workload,
    durationMs,
    lateP50Ms: 0.5,
    lateP99Ms: 1,
    cpuShare: 0.2,
    stolenShare: 0,
    stallMs: 0,
    ownStallMs: 0,
    eventLoopDelayP99Ms: 1,
    modelLateP99Ms: 1,
  };
}
