import type { Objective } from '../budget/objective.ts';
import { flagAt } from '../record/compactLine.ts';
import type { RequestLine } from '../record/recordLine.ts';
import type { RunRecord } from '../record/runRecord.ts';

/**
 * Answers with the data of another tenant that no objective of the run judges: it was not selected, or they came during a warm-up, under a
 * fault, or under a load that is measured for something else. One is too many, whoever looked for it.
 * @returns a sentence for each workload that met some
 */
export function foreignAnswers(
  judged: readonly Objective[],
  { requests, loads }: Pick<RunRecord, 'requests' | 'loads'>,
): string[] {
  const isolation = judged.filter(({ metric }) => metric === 'isolation');
  const counts = new Map<string, number>();
  const count = (workload: string, n: number) =>
    n > 0 && counts.set(workload, (counts.get(workload) ?? 0) + n);
  for (const request of requests) {
    const isForeign = request.checks.isolation === false;
    if (isForeign && !isolation.some((one) => takes(one, request))) count(request.workload, 1);
  }
  for (const { workload, lines } of loads) {
    const isJudged = isolation.some((one) => one.workload === workload);
    for (const line of lines) {
      if (isJudged && !line.warmUp) continue;
      const foreign = line.index.filter((_, at) => flagAt(line.isolated, at) === false);
      count(workload, foreign.length);
    }
  }
  return [...counts].map(
    ([workload, n]) =>
      `${n} ${n === 1 ? 'answer' : 'answers'} of ${workload} held the data of another tenant, and no objective that was judged counts ${n === 1 ? 'it' : 'them'}`,
  );
}

function takes({ workload }: Objective, request: RequestLine): boolean {
  const isMine = workload === null || workload === request.workload;
  return isMine && !request.warmUp && request.fault === null;
}
