import type { ModelBehaviour } from '../probes/aiMock.ts';
import { QUESTIONS, withNonce } from '../salestalk/questions.ts';
import type { WorkloadContext } from '../workloads/measuringContext.ts';
import { applyModelBehaviour, scopeOf } from '../workloads/recordWorkload.ts';

/** Gives the next question each time. */
export type Questions = () => string;

/** Runs `work` while the model behaves as in a workload, with questions whose calls belong to no record. */
export async function withUnrecordedModel<T>(
  name: string,
  model: ModelBehaviour[],
  { run, aiMock }: Pick<WorkloadContext, 'run' | 'aiMock'>,
  work: (questions: Questions) => Promise<T>,
): Promise<T> {
  const scope = scopeOf(run.id, `${name}, unrecorded`);
  using _ = await applyModelBehaviour(aiMock, { name, scope, model });
  let index = 0;
  try {
    return await work(() => withNonce(QUESTIONS[0], { scope, index: index++ }));
  } finally {
    await aiMock?.forget(scope).catch(() => undefined);
  }
}
