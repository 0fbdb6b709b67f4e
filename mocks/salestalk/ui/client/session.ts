import { textField } from './readAnswer.ts';
import type { Session } from './types.ts';

const key = 'salestalk.token';

/*
 * The token lives in sessionStorage: a reload keeps the user signed in, closing the tab signs out, and no other tab or
 * later user of the machine finds it, as they would in localStorage. Script of others, which could read it there, is kept
 * out by the Content-Security-Policy.
 */

/** Who is signed in in this tab, if anyone is. */
export function storedSession(): Session | null {
  const token = sessionStorage.getItem(key);
  return token === null ? null : sessionOf(token);
}

/** The session that a token gives; `null` if it is not a token of SalesTalk. */
export function sessionOf(token: string): Session | null {
  const tenantId = tenantOfToken(token);
  return tenantId === null ? null : { token, tenantId };
}

export function storeSession(session: Session): void {
  sessionStorage.setItem(key, session.token);
}

export function forgetSession(): void {
  sessionStorage.removeItem(key);
}

/**
 * The tenant that a token names, for display only: the service checks the token, this page cannot. `null` if the text is not
 * a token of SalesTalk.
 */
export function tenantOfToken(token: string): string | null {
  const [, payload, signature] = token.split('.');
  if (payload === undefined || signature === undefined) return null;
  try {
    const bytes = Uint8Array.fromBase64(payload, { alphabet: 'base64url' });
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return textField(claims, 'custom:tenant_id') ?? textField(claims, 'tenantId');
  } catch {
    return null;
  }
}
