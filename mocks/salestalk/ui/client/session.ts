import { readText } from './readAnswer.ts';

const KEY = 'salestalk.token';

export type Session = { token: string; tenantId: string };

/*
 * The token lives in sessionStorage: a reload keeps the user signed in, closing the tab signs out, and no other tab or
 * later user of the machine finds it, as they would in localStorage. Script of others, which could read it there, is kept
 * out by the Content-Security-Policy.
 */

/** The session of this tab, or `null`. */
export function storedSession(): Session | null {
  const token = sessionStorage.getItem(KEY);
  return token === null ? null : readSession(token);
}

/** The session that a token gives; `null` if it is not a token of SalesTalk. */
export function readSession(token: string): Session | null {
  const tenantId = readTenant(token);
  return tenantId === null ? null : { token, tenantId };
}

export function storeSession(session: Session): void {
  sessionStorage.setItem(KEY, session.token);
}

export function forgetSession(): void {
  sessionStorage.removeItem(KEY);
}

/**
 * The tenant that a token names, for display only: the service checks the token, this page cannot. `null` if the text is not
 * a token of SalesTalk.
 */
export function readTenant(token: string): string | null {
  const [, payload, signature] = token.split('.');
  if (payload === undefined || signature === undefined) return null;
  try {
    const bytes = Uint8Array.fromBase64(payload, { alphabet: 'base64url' });
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return readText(claims, 'custom:tenant_id') ?? readText(claims, 'tenantId');
  } catch {
    return null;
  }
}
