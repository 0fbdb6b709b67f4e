import { clearArticle, createArticle, showAnswer } from './answerView.ts';
import { ChatFailure } from './failure.ts';
import { EMPTY_ANSWER } from './reduceAnswer.ts';
import { runQuestion } from './runQuestion.ts';
import type { Session } from './signIn.ts';

/** Questions that stay on the page with their answers. Older ones are removed, so that memory does not grow with the session. */
const MAX_ENTRIES = 20;

type Entry = { id: string; question: string; article: HTMLElement };

type ConversationOptions = {
  log: HTMLElement;
  announce: (sentence: string) => void;
  on: {
    added: (entryId: string, question: string) => void;
    dropped: (entryId: string) => void;
    busy: (busy: boolean) => void;
    signedOut: (question: string) => void;
  };
};

/** The questions of a session and their answers. One answer at a time is under way. */
export function mountConversation(options: ConversationOptions) {
  const { log, announce, on } = options;
  const entries: Entry[] = [];
  let session: Session | null = null;
  let sessionId: string | null = null;
  let running: AbortController | null = null;
  let asked = 0;

  const setBusy = (busy: boolean): void => {
    for (const retry of log.querySelectorAll<HTMLButtonElement>('[data-action="retry"]')) {
      retry.disabled = busy;
    }
    on.busy(busy);
  };

  const run = async (entry: Entry, token: string): Promise<void> => {
    const { article, question } = entry;
    const abort = new AbortController();
    const requestId = crypto.randomUUID();
    running = abort;
    setBusy(true);
    article.dataset.requestId = requestId;
    clearArticle(article);
    showAnswer(article, EMPTY_ANSWER, EMPTY_ANSWER);
    announce('Working on your answer.');

    const request = { token, requestId, question, sessionId, abort };
    const answer = await runQuestion(request, (previous, next) =>
      showAnswer(article, previous, next),
    );
    // After a sign-out the page belongs to the next user.
    if (running !== abort) return;
    running = null;
    setBusy(false);
    sessionId = answer.sessionId ?? sessionId;
    if (answer.failure?.kind === 'signedOut') {
      on.signedOut(question);
    } else if (answer.failure === null) {
      announce(answer.narrative);
    }
  };

  log.addEventListener('click', (event) => {
    if (!(event.target instanceof Element)) return;
    if (event.target.closest('[data-action="retry"]') === null) return;
    const article = event.target.closest('article');
    const entry = entries.find((candidate) => candidate.article === article);
    if (entry === undefined || session === null || running !== null) return;
    entry.article.focus({ preventScroll: true });
    void run(entry, session.token);
  });

  return {
    /** Asks, and returns the id of the new entry; `null` while no user is signed in or an answer is under way. */
    ask(question: string): string | null {
      if (session === null || running !== null) return null;
      asked += 1;
      const entry = { id: String(asked), question, article: createArticle(question) };
      entries.push(entry);
      const [oldest] = entries;
      if (entries.length > MAX_ENTRIES && oldest !== undefined) {
        entries.shift();
        oldest.article.remove();
        on.dropped(oldest.id);
      }
      log.append(entry.article);
      on.added(entry.id, question);
      void run(entry, session.token);
      entry.article.scrollIntoView({ block: 'start' });
      return entry.id;
    },
    stop(): void {
      running?.abort(new ChatFailure('stopped'));
    },
    focus(entryId: string): void {
      const article = entries.find((entry) => entry.id === entryId)?.article;
      article?.focus({ preventScroll: true });
      article?.scrollIntoView({ block: 'start' });
    },
    /** Removes everything and starts a new session; `null` when no user is signed in. */
    reset(next: Session | null): void {
      const abandoned = running;
      running = null;
      abandoned?.abort(new ChatFailure('stopped'));
      session = next;
      sessionId = null;
      entries.length = 0;
      log.replaceChildren();
      announce('');
      setBusy(false);
    },
  };
}
