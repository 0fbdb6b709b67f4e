import { element, requireElement, requirePart } from './elements.ts';
import { readText } from './readAnswer.ts';

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

const KEY = 'salestalk.token';

export type Session = { token: string; tenantId: string };

// In sessionStorage the token survives a reload, and neither another tab nor a later user can read it. The
// Content-Security-Policy keeps out foreign scripts, which could.

export function readStoredSession(): Session | null {
  const token = sessionStorage.getItem(KEY);
  return token === null ? null : readSession(token);
}

export function storeSession(session: Session): void {
  sessionStorage.setItem(KEY, session.token);
}

export function forgetSession(): void {
  sessionStorage.removeItem(KEY);
}

/** The session of a token; `null` if it is no token of SalesTalk. Only the service can check its signature. */
export function readSession(token: string): Session | null {
  const [, payload, signature] = token.split('.');
  if (payload === undefined || signature === undefined) return null;
  try {
    const bytes = Uint8Array.fromBase64(payload, { alphabet: 'base64url' });
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const tenantId = readText(claims, 'custom:tenant_id') ?? readText(claims, 'tenantId');
    return tenantId === null ? null : { token, tenantId };
  } catch {
    return null;
  }
}
