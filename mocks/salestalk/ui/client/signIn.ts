import { element, requireElement, requirePart } from './elements.ts';
import { readText } from './readAnswer.ts';
import { readSession, type Session } from './session.ts';

/** The sign-in view: an access token, or a demo workspace where the deployment offers some. */
export function mountSignIn(
  view: HTMLElement,
  demoWorkspaces: readonly string[],
  onSignedIn: (session: Session) => void,
) {
  const notice = requirePart(view, 'sign-in-notice');
  const form = requirePart(view, 'token-form');
  const token = requireElement(form, 'input', HTMLInputElement);
  const demo = requirePart(view, 'demo');
  const demoList = requirePart(demo, 'demo-list');

  const signIn = (text: string, whenUnreadable: string): void => {
    const session = readSession(text);
    if (session === null) {
      notice.textContent = whenUnreadable;
      token.focus();
      return;
    }
    token.value = '';
    notice.textContent = '';
    onSignedIn(session);
  };

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    signIn(token.value.trim(), 'This is not a SalesTalk access token. Paste all of it.');
  });

  for (const tenantId of demoWorkspaces) {
    const button = element('button', '', `Open ${tenantId}`);
    button.type = 'button';
    button.dataset.tenant = tenantId;
    demoList.append(button);
  }
  demo.hidden = demoWorkspaces.length === 0;
  demoList.addEventListener('click', async (event) => {
    if (!(event.target instanceof HTMLButtonElement)) return;
    const tenantId = event.target.dataset.tenant;
    if (tenantId === undefined) return;
    const failed = `${tenantId} cannot be opened right now. Try again.`;
    try {
      signIn(await fetchDemoToken(tenantId), failed);
    } catch {
      notice.textContent = failed;
    }
  });

  requireElement(form, 'fieldset', HTMLFieldSetElement).disabled = false;
  return {
    /** Prepares the form for the next user. `text` says why the last session ended; empty shows no notice. */
    begin(text: string): void {
      notice.textContent = text;
      token.focus();
    },
  };
}

/** An access token for a demo workspace. @throws Error if the service gives none */
async function fetchDemoToken(tenantId: string): Promise<string> {
  const response = await fetch('/demo/token', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ tenantId }),
  });
  const token = response.ok ? readText(await response.json(), 'token') : null;
  if (token === null) throw new Error(`/demo/token answered ${response.status} and no token.`);
  return token;
}
