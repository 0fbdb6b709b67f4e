import { count, cpu, type Load, milliseconds } from './loadFigures.ts';

export const SEARCH_COLUMNS = [
  'rate',
  'n',
  'failed',
  'response P95',
  'own time P50',
  'own time P95',
  'CPU: target',
  'model',
  'harness',
];

/** A row for each step of a search: whose CPU is spent where the response times rise tells whose knee it is. */
export function searchRows({
  steps,
  processes,
}: Load): { cells: string[]; doubt: string | null }[] {
  return steps.map(({ step: { ratePerSecond }, n, failed, response, own, doubt }) => {
    const cpuOf = (wanted: string) =>
      cpu(
        processes.find((one) => one.process === wanted && one.ratePerSecond === ratePerSecond)
          ?.cpuShare,
      );
    const cells = [
      ratePerSecond === null ? 'unknown' : `${Number(ratePerSecond.toPrecision(4))}/s`,
      count(n),
      count(failed),
      response === null ? 'no answer' : milliseconds(response.p95Ms),
      milliseconds(own?.p50Ms),
      milliseconds(own?.p95Ms),
      cpuOf('target'),
      cpuOf('model'),
      cpuOf('harness'),
    ];
    return { cells, doubt };
  });
}
