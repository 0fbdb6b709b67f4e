import { alignedTable } from '../core/alignedTable.ts';
import type { BenchReport, Goal } from './benchmark.ts';

/** A benchmark as Markdown, to be pasted as it is. */
export function formatReport({ title, tables, goals, notes }: BenchReport, runs: number): string {
  return [
    `### ${title}\n`,
    ...tables.map(alignedTable),
    `${goals.map((goal) => `- ${formatGoal(goal)}\n`).join('')}`,
    `${[`${runs} ${runs === 1 ? 'run' : 'runs'} of each.`, ...notes].join(' ')}\n`,
  ].join('\n');
}

function formatGoal({ goal, isReached, found }: Goal): string {
  const outcome = isReached === null ? 'not known' : isReached ? 'reached' : 'not reached';
  return `Goal: ${goal}: **${outcome}** (${found}).`;
}
