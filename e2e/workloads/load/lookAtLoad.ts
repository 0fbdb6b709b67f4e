import { loadUnitOf } from '../../core/load/loadUnit.ts';
import type { RunLine } from '../../core/record/recordLine.ts';
import { isTooDisturbed } from '../../core/record/setAside.ts';
import { type ObjectiveProgress, samplingProgress } from '../../core/verdict/sampling.ts';
import { ratesOf } from '../api/ratesOf.ts';
import type { LoadRecorder, LoadTally } from './loadRecorder.ts';

/** Where an objective of a load stands. */
export type LoadLook = LoadTally & { progress: ObjectiveProgress; isClear: boolean };

/**
 * Of the objectives that may become clear before the load is over: those of single requests. Growth is looked at once, at the end; what is asked of each
 * second of a load takes as many seconds as its sample budget says.
 */
export function lookAtLoad(recorder: LoadRecorder, run: RunLine): LoadLook[] {
  const rates = ratesOf(run);
  return recorder.tallies.filter(isCounted).map((one) => {
    const progress = samplingProgress(one.objective, one.tally, rates);
    const isKept = !isTooDisturbed(one.setAside, one.tally.n);
    const isDecided = progress.verdict !== 'inconclusive' && one.missing === 0 && isKept;
    return { ...one, progress, isClear: isDecided || progress.exhausted };
  });
}

/** Is nothing to be learnt from going on? Never before the end where growth is judged. */
export function isClear(recorder: LoadRecorder, run: RunLine): boolean {
  const { tallies, secondsWithEnds } = recorder;
  const rest = tallies.filter((one) => !isCounted(one));
  return (
    tallies.length > 0 &&
    rest.every(
      ({ objective }) =>
        loadUnitOf(objective) === 'second' && secondsWithEnds > objective.sampleBudget,
    ) &&
    lookAtLoad(recorder, run).every((look) => look.isClear)
  );
}

function isCounted({ objective }: LoadTally): boolean {
  return loadUnitOf(objective) === 'request';
}
