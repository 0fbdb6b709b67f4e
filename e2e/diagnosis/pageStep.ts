import type { ModelBehaviour } from '../probes/aiMock.ts';
import type { ChatPage } from '../salestalk/chatPage.ts';

/** What is done once more on a page to find the cause of a miss. */
export type PageStep = {
  /** Names the workload whose step it is. */
  name: string;
  model: ModelBehaviour[];
  /** True: a token is typed on the way, which a picture of the page may show. */
  signsIn?: true;
  /** Takes the page to where the step begins. `question` is one of the step's own, which the model answers as in the workload. */
  prepare: (chat: ChatPage, question: string) => Promise<void>;
  take: (chat: ChatPage, question: string) => Promise<void>;
};
