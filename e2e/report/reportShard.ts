import { rmSync } from 'node:fs';
import path from 'node:path';
import type { Shard } from '../core/record/recordLine.ts';
import { isRecordOfRun, readRecordFile } from '../history/recordFile.ts';
import { counted } from './describeSummary.ts';
import { writeAtomically } from './reportFiles.ts';
import type { RunState } from './reportRun.ts';

/** Whether a shard measured each of its loads to the end, and what to do with its record: it judges nothing itself. */
export function reportShard(
  { recordFile, reportDir, id }: RunState,
  shard: Shard,
): { text: string; isComplete: boolean } {
  const record = isRecordOfRun(recordFile, id) ? readRecordFile(recordFile) : null;
  const ended = (record?.workloads ?? []).filter(({ state }) => state === 'complete');
  const missing = shard.loads.filter((name) => !ended.some(({ workload }) => workload === name));
  const sent = (record?.loads ?? []).map(
    ({ workload, total }) => `${counted(total, 'request')} of ${workload}`,
  );
  const text = [
    `Shard ${shard.index} of ${shard.of} of the run ${id} offered ${sent.join(', ') || 'nothing'}, from ${new Date(shard.startAtMs).toISOString()} on.`,
    ...(missing.length === 0 ? [] : [`It did not come to the end of ${missing.join(', ')}.`]),
    describeClock(shard),
    `It judges nothing. With the folders of all ${shard.of}: npm run report -- <folder> <folder> …`,
  ].join('\n');
  // Of an earlier run.
  for (const name of ['summary.json', 'index.html', 'metrics.openmetrics']) {
    rmSync(path.join(reportDir, name), { force: true });
  }
  writeAtomically(path.join(reportDir, 'summary.md'), `${text.replaceAll('\n', '\n\n')}\n`);
  return { text, isComplete: missing.length === 0 };
}

function describeClock({ clockOffsetMs: ms }: Shard): string {
  if (ms === null)
    return 'How its clock differs from that of the target is not known, so that no merged run can pass.';
  return `Its clock was ${Math.abs(ms)} ms ${ms > 0 ? 'behind' : 'ahead of'} that of the target.`;
}
