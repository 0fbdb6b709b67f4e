import type { Objective } from '../../core/budget/objective.ts';
import type { Load } from '../../core/load/loadSchema.ts';
import type { Measuring } from '../api/measureWorkloads.ts';

/** A load that is to be measured: its name, what the budget says of it, and the objectives that it is measured for. */
export type LoadRun = Measuring & {
  name: string;
  load: Load;
  objectives: readonly Objective[];
};

/** Null where no objective of the run takes this load. */
export function loadRunOf(name: string, measuring: Measuring): LoadRun | null {
  const { header, target } = measuring.run;
  const objectives = header.objectives.filter(({ workload }) => workload === name);
  const load = target.loads[name];
  if (objectives.length === 0) return null;
  // The budget was refused where it judges by a load that it does not describe.
  if (load === undefined) throw new Error(`no load ${name}`);
  return { ...measuring, name, load, objectives };
}
