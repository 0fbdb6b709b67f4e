import { tenantOfToken } from './tenantOfToken.ts';
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
