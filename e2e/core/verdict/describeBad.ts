import type { Objective } from '../budget/objective.ts';

/** What made an event a bad one, as the end of a sentence: "3 of 72 took 2000 ms or longer". */
export function describeBad({ metric, objective, unit }: Objective): string {
  switch (metric) {
    case 'availability':
      return 'failed';
    case 'metadata':
      return 'reported a latency that the measured one contradicts, or none';
    case 'modelCalls':
      return `took more than ${objective} ${unit}`;
    case 'ownTime':
      return `took ${objective} ${unit} or longer of their own`;
    case 'firstChunk':
      return `showed nothing for ${objective} ${unit} or longer`;
    case 'latency':
      return `took ${objective} ${unit} or longer`;
  }
}
