import { readText } from './readAnswer.ts';

const KEY = 'salestalk.token';

export type Session = { token: string; tenantId: string };

// In sessionStorage the token survives a reload, and neither another tab nor a later user can read it. The
// Content-Security-Policy keeps out foreign scripts, which could.

/** The session of this tab, or `null`. */
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
