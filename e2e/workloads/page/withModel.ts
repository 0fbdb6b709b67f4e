import type { ModelBehaviour } from '../../probes/aiMock.ts';
import { QUESTIONS, withNonce } from '../../salestalk/questions.ts';
import { keepModel } from '../api/keepModel.ts';
import { scopeOf } from '../api/plan.ts';
import type { MeasuringPages } from './measuringPages.ts';

/** Gives the next question each time. */
export type Questions = () => string;

/** Has the model do what it does while a workload is measured, for questions that no record knows. */
export async function withModel<T>(
  name: string,
  model: ModelBehaviour[],
  { run, aiMock }: Pick<MeasuringPages, 'run' | 'aiMock'>,
  work: (questions: Questions) => Promise<T>,
): Promise<T> {
  const scope = scopeOf(run.id, `${name}, unrecorded`);
  using _ = await keepModel(aiMock, { name, scope, model });
  let index = 0;
  try {
    return await work(() => withNonce(QUESTIONS[0], { scope, index: index++ }));
  } finally {
    await aiMock?.forget(scope).catch(() => undefined);
  }
}
