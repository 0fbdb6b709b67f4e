import type { ModelBehaviour } from '../probes/aiMock.ts';
import type { ChatPage } from '../salestalk/chatPage.ts';
import { QUESTIONS, withNonce } from '../salestalk/questions.ts';
import type { WorkloadContext } from '../workloads/measuringContext.ts';
import { applyModelBehaviour, deriveScope } from '../workloads/recordWorkload.ts';

/** A step on a page that is repeated to find the cause of a miss. */
export type PageStep = {
  /** Names the workload whose step it is. */
  name: string;
  model: ModelBehaviour[];
  /** True: the step types a token, which a picture of the page may show. */
  signsIn?: true;
  /** Brings the page to where the step begins. The model answers `question` as in the workload. */
  prepare: (chat: ChatPage, question: string) => Promise<void>;
  take: (chat: ChatPage, question: string) => Promise<void>;
};

export type Questions = () => string;

/** Runs `work` while the model behaves as in a workload. Calls for its questions belong to no record. */
export async function withUnrecordedModel<T>(
  { name, model }: Pick<PageStep, 'name' | 'model'>,
  { run, aiMock }: Pick<WorkloadContext, 'run' | 'aiMock'>,
  work: (questions: Questions) => Promise<T>,
): Promise<T> {
  const scope = deriveScope(run.id, `${name}, unrecorded`);
  using _ = await applyModelBehaviour(aiMock, { name, scope, model });
  let index = 0;
  try {
    return await work(() => withNonce(QUESTIONS[0], { scope, index: index++ }));
  } finally {
    await aiMock?.forget(scope).catch(() => undefined);
  }
}
