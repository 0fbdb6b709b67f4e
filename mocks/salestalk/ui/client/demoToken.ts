import { textField } from './field.ts';

/**
 * An access token for a demo workspace.
 * @throws Error if the service gives none
 */
export async function demoToken(apiUrl: string, tenantId: string): Promise<string> {
  const response = await fetch(`${apiUrl}/demo/token`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ tenantId }),
  });
  const token = response.ok ? textField(await response.json(), 'token') : null;
  if (token === null) throw new Error(`/demo/token answered ${response.status} and no token.`);
  return token;
}
