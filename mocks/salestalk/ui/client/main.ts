import { mountComposer } from './composer.ts';
import { mountConversation } from './conversation.ts';
import { element, requireElement, requirePart } from './elements.ts';
import { describeFailure } from './failure.ts';
import { mountHistory } from './historyList.ts';
import { readField } from './readAnswer.ts';
import {
  forgetSession,
  mountSignIn,
  readStoredSession,
  type Session,
  storeSession,
} from './signIn.ts';

/** Long enough for a screen reader. */
const ANNOUNCED_MS = 3000;

/** Puts the parts of the page together. All listeners are added once, none for each question. */
function start(demoWorkspaces: readonly string[]): void {
  const workbench = requireElement(document, '.workbench', HTMLElement);
  const empty = requirePart(document, 'empty');
  /** A question that failed because its session had ended; the same tenant may send it again. */
  let draft: { tenantId: string; question: string } | null = null;
  let tenantId: string | null = null;

  const composer = mountComposer(requirePart(document, 'composer'), {
    ask,
    stop: () => conversation.stop(),
  });
  const history = mountHistory(requireElement(document, 'nav', HTMLElement), (entryId) =>
    conversation.focus(entryId),
  );
  const conversation = mountConversation({
    log: requirePart(document, 'conversation'),
    announce: mountAnnouncer(requirePart(document, 'announcer')),
    on: {
      added: history.add,
      dropped: history.drop,
      busy: composer.setBusy,
      signedOut: (question) => {
        if (tenantId !== null) draft = { tenantId, question };
        signOut(describeFailure({ kind: 'signedOut', detail: null }));
      },
    },
  });
  const signInView = mountSignIn(
    requireElement(document, '.sign-in', HTMLElement),
    demoWorkspaces,
    (session) => {
      storeSession(session);
      signIn(session);
    },
  );

  function ask(question: string): void {
    const entryId = conversation.ask(question);
    if (entryId === null) return;
    empty.hidden = true;
    // On a touch screen the keyboard would cover the answer.
    if (matchMedia('(pointer: fine)').matches) composer.focus();
    else conversation.focus(entryId);
  }

  function show(view: 'chat' | 'sign-in', title: string): void {
    document.documentElement.dataset.view = view;
    document.title = title;
    scrollTo({ top: 0, behavior: 'instant' });
  }

  function signIn(session: Session): void {
    tenantId = session.tenantId;
    requirePart(document, 'tenant').textContent = tenantId;
    conversation.reset(session);
    history.clear();
    empty.hidden = false;
    composer.setDraft(draft?.tenantId === tenantId ? draft.question : '');
    draft = null;
    composer.enable();
    show('chat', 'SalesTalk');
    composer.focus();
  }

  function signOut(notice: string): void {
    forgetSession();
    tenantId = null;
    conversation.reset(null);
    history.clear();
    show('sign-in', 'Sign in · SalesTalk');
    signInView.begin(notice);
  }

  requireElement(document, '[data-action="sign-out"]', HTMLButtonElement).addEventListener(
    'click',
    () => signOut(''),
  );
  workbench.addEventListener('click', (event) => {
    if (!(event.target instanceof Element)) return;
    const example = event.target.closest('[data-action="example"]')?.textContent;
    if (typeof example === 'string') ask(example);
  });

  const session = readStoredSession();
  if (session === null) signOut('');
  else signIn(session);
}

loadDemoWorkspaces().then(start, () => {
  document.documentElement.dataset.view = 'sign-in';
  requirePart(document, 'sign-in-notice').textContent =
    'SalesTalk cannot be reached right now. Reload the page to try again.';
});

/** The demo workspaces that this deployment offers. @throws Error if they cannot be read */
async function loadDemoWorkspaces(): Promise<string[]> {
  const response = await fetch('/config.json');
  if (!response.ok) throw new Error(`/config.json answered ${response.status}.`);
  const workspaces = readField(await response.json(), 'demoWorkspaces');
  if (!Array.isArray(workspaces)) return [];
  return workspaces.filter((workspace) => typeof workspace === 'string');
}

/**
 * Announces sentences in a live region of their own: a screen reader would read a live conversation chunk by chunk. Each is
 * removed soon, so that the page does not hold the answers twice; an empty one is removed at once.
 */
function mountAnnouncer(region: HTMLElement): (sentence: string) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (sentence) => {
    clearTimeout(timer);
    region.replaceChildren(...(sentence === '' ? [] : [element('span', '', sentence)]));
    timer = setTimeout(() => region.replaceChildren(), ANNOUNCED_MS);
  };
}
