import { textField } from './field.ts';

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
